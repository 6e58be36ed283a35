import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { expect, test } from "vitest";
import { cloud, roleArn } from "./retaining-cloud.ts";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

test("as many objects are held after ten thousand executions as after the first that are kept", async () => {
  const { stepFunctions, stateMachineArn } = await cloud({ finished: 25 });
  const held = () => [...stepFunctions.executions()].length;
  const counts: number[] = [];

  // Not through a socket: that is another's time. A weak reference tells what nobody holds any more.
  const early: WeakRef<object>[] = [];
  for (let round = 0; round < 10_000; round++) {
    const { body } = await stepFunctions.handle("StartExecution", { stateMachineArn, input: '{"n":1}' });
    const execution = stepFunctions.execution(String(body.executionArn))?.execution;
    await execution?.result;
    if (round < 1000 && execution !== undefined) early.push(new WeakRef(execution));
    if (round % 1000 === 999) counts.push(held());
  }
  const { body } = await stepFunctions.handle("ListExecutions", { stateMachineArn, maxResults: 1000 });

  expect(counts).toEqual(Array(10).fill(25));
  expect(body.executions).toHaveLength(25);
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  expect(early.filter((each) => each.deref() !== undefined)).toEqual([]);
});

test("the newest are described, listed and told the history of; older ones do not exist any more", async () => {
  const { client, start, names } = await cloud({ finished: 2 });

  const arns = [await start("a"), await start("b"), await start("c")];

  expect(await names()).toEqual(["c", "b"]);
  const [gone, oldest] = arns;
  const history = await client.send(new GetExecutionHistoryCommand({ executionArn: oldest }));
  expect(history.events?.at(-1)).toMatchObject({ type: "ExecutionSucceeded" });
  const absent = { name: "ExecutionDoesNotExist" };
  await expect(client.send(new DescribeExecutionCommand({ executionArn: gone }))).rejects.toMatchObject(
    absent,
  );
  await expect(client.send(new GetExecutionHistoryCommand({ executionArn: gone }))).rejects.toMatchObject(
    absent,
  );
});

test("many that succeed do not push out one that failed and can be redriven", async () => {
  const { client, start, names, state } = await cloud({ finished: 2 });
  const executionArn = await start("failed", '{"broken": true}');
  for (const name of ["a", "b", "c", "d"]) await start(name);
  state.broken = false;

  expect(await names()).toEqual(["d", "c", "failed"]);
  await client.send(new RedriveExecutionCommand({ executionArn }));
  const described = await client.send(new DescribeExecutionCommand({ executionArn }));
  expect(described.redriveCount).toBe(1);
});

test("long histories count for more: fewer stay, the newest always", async () => {
  const { client, stepFunctions } = await cloud({ finished: 4 });
  // 4 times 250 events are room for two of these, which have about 400 each.
  const long = {
    Start: { Type: "Pass", Output: 0, Next: "Count" },
    Count: { Type: "Pass", Output: "{% $states.input + 1 %}", Next: "More" },
    More: {
      Type: "Choice",
      Choices: [{ Condition: "{% $states.input < 100 %}", Next: "Count" }],
      Default: "Done",
    },
    Done: { Type: "Succeed" },
  };
  const { stateMachineArn } = await client.send(
    new CreateStateMachineCommand({
      name: "long",
      definition: JSON.stringify({ QueryLanguage: "JSONata", StartAt: "Start", States: long }),
      roleArn,
    }),
  );

  for (const name of ["a", "b", "c", "d"]) {
    const command = new StartExecutionCommand({ stateMachineArn, name });
    await stepFunctions.execution((await client.send(command)).executionArn ?? "")?.execution.result;
  }

  const { executions } = await client.send(new ListExecutionsCommand({ stateMachineArn }));
  expect(executions?.map(({ name }) => name)).toEqual(["d", "c"]);
});

test("running executions are never forgotten", async () => {
  const { client, start, names, stepFunctions } = await cloud({ finished: 1 });
  const waiting = JSON.stringify({
    QueryLanguage: "JSONata",
    StartAt: "Wait",
    States: { Wait: { Type: "Wait", Seconds: 3600, End: true } },
  });
  const other = await client.send(
    new CreateStateMachineCommand({ name: "waiting", definition: waiting, roleArn }),
  );
  const arns: (string | undefined)[] = [];
  for (const name of ["a", "b", "c"]) {
    const command = new StartExecutionCommand({ stateMachineArn: other.stateMachineArn, name });
    arns.push((await client.send(command)).executionArn);
  }

  for (const name of ["d", "e"]) await start(name);

  expect([...stepFunctions.executions()].map(({ execution }) => execution.facts.name)).toEqual([
    "a",
    "b",
    "c",
    "e",
  ]);
  expect(await names()).toEqual(["e"]);
  await client.send(new StopExecutionCommand({ executionArn: arns[0] }));
  const described = await client.send(new DescribeExecutionCommand({ executionArn: arns[0] }));
  expect(described.status).toBe("ABORTED");
});
