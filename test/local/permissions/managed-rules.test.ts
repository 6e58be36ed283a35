import { expect, it } from "vitest";
import { bootCloud } from "../../../packages/local/src/cloud/index.ts";
import * as small from "../small-graph.ts";

const child = small.machineArn("child");
const rule = "arn:aws:events:us-east-1:000000000000:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule";
const allow = (Action: string[], Resource: string) => ({ Effect: "Allow", Action, Resource });

/** A machine that starts another, and what its role may do. */
const programOf = (resource: string, statements: object[]) =>
  small.graphOf([
    small.machine("child", { StartAt: "A", States: { A: { Type: "Succeed" } } }),
    small.machine("parent", {
      StartAt: "A",
      States: {
        A: {
          Type: "Task",
          Resource: `arn:aws:states:::states:${resource}`,
          Arguments: { StateMachineArn: child },
          End: true,
        },
      },
    }),
    small.role("parent-role", [allow(["states:StartExecution"], child), ...statements]),
  ]);

it("a machine that waits for executions is refused without the rule by which it would hear of them", async () => {
  const rights = [allow(["events:PutTargets", "events:PutRule"], rule)];
  const booting = bootCloud(programOf("startExecution.sync:2", rights), { root: small.root });

  await expect(booting).rejects.toThrow(
    `State machine "parent" is refused: 'arn:aws:iam::000000000000:role/parent-role' is not authorized to create managed-rule: User: arn:aws:sts::000000000000:assumed-role/parent-role/parent is not authorized to perform: events:DescribeRule on resource: ${rule}`,
  );
});

it.each([
  ["with it", "startExecution.sync:2", ["events:PutTargets", "events:PutRule", "events:DescribeRule"]],
  ["when it does not wait", "startExecution", ["events:PutEvents"]],
])("a machine that starts executions is made %s", async (_, resource, actions) => {
  const cloud = await bootCloud(programOf(resource, [allow(actions, rule)]), { root: small.root });

  expect(cloud.graph.resources.map(({ name }) => name)).toContain("parent");
  await cloud.close();
});
