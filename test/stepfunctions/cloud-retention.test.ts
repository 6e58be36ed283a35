import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DescribeExecutionCommand, ListExecutionsCommand, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { expect, onTestFinished, test } from "vitest";
import { bootCloud, type CloudOptions } from "../../packages/local/src/cloud/index.ts";
import { fastClock } from "../../packages/local/src/engine/index.ts";
import { clientsOf, eventually } from "../local/clients.ts";
import * as graph from "../local/small-graph.ts";

/** A machine that waits for an hour, and one that waits for it in turn, as long as four thousand seconds. */
const resources = [
  graph.machine("waits", { StartAt: "Wait", States: { Wait: { Type: "Wait", Seconds: 3600, End: true } } }),
  graph.machine("awaits", {
    StartAt: "Start",
    States: {
      Start: {
        Type: "Task",
        Resource: "arn:aws:states:::states:startExecution.sync:2",
        Arguments: { StateMachineArn: graph.machineArn("waits"), Input: "{% $states.input %}" },
        TimeoutSeconds: 4000,
        Output: "{% $states.result.Output %}",
        End: true,
      },
    },
  }),
];

async function cloudIn(options: Partial<CloudOptions>) {
  const cloud = await bootCloud(graph.graphOf(resources, []), {
    root: graph.root,
    clock: fastClock(1_000_000),
    ...options,
  });
  const { sfn: stepFunctions } = clientsOf(cloud.endpoint);
  onTestFinished(() => cloud.close());
  const run = async (machine: string, name: string) => {
    const stateMachineArn = graph.machineArn(machine);
    const { executionArn } = await stepFunctions.send(
      new StartExecutionCommand({ stateMachineArn, name, input: '{"n":1}' }),
    );
    return eventually(async () => {
      const described = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
      return described.status === "RUNNING" ? undefined : described;
    });
  };
  return { stepFunctions, run };
}

test("a cloud that keeps executions has a file of each in its data directory", async () => {
  const dataDirectory = await mkdtemp(join(tmpdir(), "penstock-kept-"));
  onTestFinished(() => rm(dataDirectory, { recursive: true, force: true }));
  const { run } = await cloudIn({ dataDirectory, keepExecutions: true, finishedExecutions: 0 });

  const described = await run("waits", "one");

  expect(described.status).toBe("SUCCEEDED");
  const directory = join(dataDirectory, "executions", "waits");
  expect(await readdir(directory)).toEqual(["one.json"]);
  expect(JSON.parse(await readFile(join(directory, "one.json"), "utf8"))).toMatchObject({ name: "one" });
});

test("a cloud that keeps none forgets the oldest", async () => {
  const { run, stepFunctions } = await cloudIn({ finishedExecutions: 1 });

  for (const name of ["one", "two", "three"]) await run("waits", name);

  const stateMachineArn = graph.machineArn("waits");
  const { executions } = await stepFunctions.send(new ListExecutionsCommand({ stateMachineArn }));
  expect(executions?.map(({ name }) => name)).toEqual(["three"]);
});

test("an execution that waits for another one on a fast clock sees its end before its own time is up", async () => {
  const { run } = await cloudIn({});

  const described = await run("awaits", "one");

  expect(described).toMatchObject({ status: "SUCCEEDED", output: '{"n":1}' });
});
