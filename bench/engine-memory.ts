import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createStepFunctions } from "../packages/local/src/stepfunctions/index.ts";
import { chain } from "./engine-measure.ts";

/** Megabytes of the heap after so many executions, and after ten times as many. Nothing of them is kept. */
export interface Held {
  readonly early_mb: number;
  readonly late_mb: number;
}

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");
const executions = 2000;

const stepFunctions = createStepFunctions({
  services: { call: async () => ({}) },
  account: "000000000000",
  region: "us-east-1",
  retention: { finished: 100 },
});
const { body } = await stepFunctions.handle("CreateStateMachine", {
  name: "bench",
  roleArn: "arn:aws:iam::000000000000:role/bench",
  definition: JSON.stringify({
    QueryLanguage: "JSONata",
    StartAt: "S0",
    States: chain(10, () => ({ Type: "Pass" })),
  }),
});

async function run(times: number): Promise<number> {
  for (let each = 0; each < times; each++) {
    const started = await stepFunctions.handle("StartExecution", {
      stateMachineArn: body.stateMachineArn,
      input: JSON.stringify({ payload: "x".repeat(1000), each }),
    });
    await stepFunctions.execution(String(started.body.executionArn))?.execution.result;
  }
  await setImmediate();
  collectGarbage();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

const early_mb = await run(executions);
const late_mb = await run(executions * 9);
const held: Held = { early_mb, late_mb };
console.log(JSON.stringify(held));
