import {
  InvalidDefinition,
  parseDefinition,
  startExecution,
  TaskTokens,
} from "../../packages/local/src/engine/index.ts";
import { virtualClock } from "../engine/virtual-clock.ts";
import type { Case } from "./cases.ts";
import { difference } from "./compare.ts";
import { historyDifference } from "./compare-history.ts";
import { replay } from "./replay.ts";
import { testStateCase } from "./test-state-case.ts";

/** Runs a case; the first difference from what AWS answered, or undefined when there is none. */
export async function runCase(one: Case): Promise<string | undefined> {
  switch (one.kind) {
    case "execution":
      return execution(one);
    case "validate":
      return validate(one);
    case "test-state":
      return testStateCase(one);
  }
}

function validate({ definition, type, expected }: Case): string | undefined {
  let status = "ACCEPTED";
  let reason = "";
  try {
    parseDefinition(definition, type);
  } catch (thrown) {
    if (!(thrown instanceof InvalidDefinition)) throw thrown;
    status = "REJECTED";
    reason = thrown.message;
  }
  return status === expected.status ? undefined : `expected ${expected.status}, got ${status} ${reason}`;
}

async function execution(one: Case): Promise<string | undefined> {
  const tokens = new TaskTokens();
  let machine: ReturnType<typeof parseDefinition>;
  try {
    machine = parseDefinition(one.definition, one.type);
  } catch (thrown) {
    if (thrown instanceof InvalidDefinition) return `refused: ${thrown.message}`;
    throw thrown;
  }
  const running = startExecution(machine, {
    arn: "arn:aws:states:us-east-1:111111111111:execution:machine:run",
    name: "run",
    machineArn: "arn:aws:states:us-east-1:111111111111:stateMachine:machine",
    roleArn: "arn:aws:iam::111111111111:role/sfn-test-role",
    input: one.input,
    services: replay(one, tokens),
    clock: virtualClock(one.setup.now === undefined ? undefined : Date.parse(one.setup.now)),
    tokens,
    random: () => 0.5,
  });
  const { stoppedByCaller } = one.setup;
  if (stoppedByCaller !== undefined) running.stop(stoppedByCaller.error, stoppedByCaller.cause);
  const outcome = await running.result;
  const { expected, rules } = one;
  if (outcome.status !== expected.status) {
    return `status: expected ${expected.status}, got ${outcome.status} ${JSON.stringify(outcome)}`;
  }
  const found =
    outcome.status === "SUCCEEDED"
      ? difference(expected.output, outcome.output, rules, "output")
      : (difference(expected.error ?? undefined, outcome.error, rules, "error") ??
        difference(expected.cause ?? undefined, outcome.cause, rules, "cause"));
  return found ?? historyDifference(one, running.history);
}
