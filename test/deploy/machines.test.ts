import { describe, expect, it } from "vitest";
import { machinesOf, resourcesOf } from "../../packages/local/src/render/index.ts";
import { graph, resource, roles } from "./rendered.ts";

/** Every state of a definition by its name, those inside of Parallel and Map too. */
function states(flow: unknown): [string, Record<string, unknown>][] {
  if (typeof flow !== "object" || flow === null) return [];
  const inner = Object.values(flow).flatMap((value) => [value].flat().flatMap(states));
  const own = "States" in flow && typeof flow.States === "object" ? Object.entries(flow.States ?? {}) : [];
  return [...own, ...inner];
}

const machines = machinesOf(graph);

it("there is a machine for each workflow, named after it", () => {
  expect(machines.map(({ workflow, name }) => [workflow, name])).toEqual([
    ["campaign", "penstock-local-campaign"],
    ["curated-to-prod", "penstock-local-curated-to-prod"],
    ["digital-dna", "penstock-local-digital-dna"],
    ["feature-pipeline", "penstock-local-feature-pipeline"],
    ["on-failure", "penstock-local-on-failure"],
    ["raw-to-curated", "penstock-local-raw-to-curated"],
    ["reconcile", "penstock-local-reconcile"],
  ]);
});

describe.each(machines)("$workflow", ({ definition, arn, roleArn, name }) => {
  it("limits the time of every task and of the whole", () => {
    const tasks = states(definition).filter(([, { Type }]) => Type === "Task");
    expect(tasks.length).toBeGreaterThan(0);
    // A number of seconds, or what is left of a budget: an expression that gives one at least, as AWS takes no zero.
    for (const [task, { TimeoutSeconds }] of tasks) {
      expect(String(TimeoutSeconds), task).toMatch(/^(?:[1-9]\d*|\{% \$max\(\[1, \$ceil\(.+ %\})$/);
    }
    expect(definition).toMatchObject({ QueryLanguage: "JSONata", TimeoutSeconds: expect.any(Number) });
  });

  it("names only resources that the program creates", () => {
    const known = new Set(graph.resources.flatMap(({ id, state }) => [id, state.arn, state.name, state.url]));
    const named = states(definition).flatMap(([task, { Arguments }]) =>
      Object.entries(Arguments ?? {}).flatMap(([argument, value]) =>
        /^(FunctionName|TopicArn|QueueUrl|TableName|JobName|Bucket|Name|WorkGroup|StateMachineArn)$/.test(
          argument,
        ) && !String(value).startsWith("{%")
          ? [[`${task}.${argument}`, value]]
          : [],
      ),
    );
    expect(named.length).toBeGreaterThan(0);
    for (const [argument, value] of named) expect(known, `${argument} = ${value}`).toContain(value);
  });

  it("is traced, logs its errors without data, and is run by a role of its own", () => {
    const machine = resourcesOf(graph, "aws:sfn/stateMachine:StateMachine").find(({ id }) => id === arn);
    const logs = `arn:aws:logs:us-east-1:000000000000:log-group:/aws/vendedlogs/states/${name}`;
    expect(machine?.inputs).toMatchObject({
      type: "STANDARD",
      tracingConfiguration: { enabled: true },
      loggingConfiguration: { level: "ERROR", includeExecutionData: false, logDestination: `${logs}:*` },
    });
    const role = roles(graph).find((each) => resource(graph, each.name).state.arn === roleArn);
    expect(role?.trust).toEqual([
      {
        Effect: "Allow",
        Principal: { Service: ["states.amazonaws.com"] },
        Action: ["sts:AssumeRole"],
        Condition: {
          StringEquals: { "aws:SourceAccount": ["000000000000"] },
          ArnEquals: { "aws:SourceArn": [arn] },
        },
      },
    ]);
  });
});
