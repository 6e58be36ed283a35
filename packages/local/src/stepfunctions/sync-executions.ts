import { randomUUID } from "node:crypto";
import { type Clock, type Services, startExecution, type TaskTokens } from "../engine/index.ts";
import { parseInput } from "./executions.ts";
import { type Machines, unsupportedType } from "./machines.ts";
import { checkName, type Request, seconds } from "./request.ts";

/** What a synchronous execution needs of Step Functions. */
export interface SyncOptions {
  readonly machines: Machines;
  readonly services: Services;
  readonly clock: Clock;
  readonly tokens: TaskTokens;
  readonly account: string;
  readonly region: string;
}

/** AWS bills memory in such steps, and time in steps of 100 ms. */
const memoryStepMb = 64;
const timeStepMs = 100;

/** StartSyncExecution: runs an EXPRESS machine to its end. Nothing of it is kept, as on AWS. */
export async function startSyncExecution(
  request: Request,
  { machines, services, clock, tokens, account, region }: SyncOptions,
): Promise<Readonly<Record<string, unknown>>> {
  const machine = machines.active(request.string("stateMachineArn"));
  if (machine.type !== "EXPRESS") throw unsupportedType(machine.arn, machine.type);
  const name = checkName(request.optional("name") ?? randomUUID());
  const input = request.optional("input") ?? "{}";
  const arn = `arn:aws:states:${region}:${account}:express:${machine.name}:${name}:${randomUUID()}`;
  const execution = startExecution(machine.machine, {
    arn,
    name,
    machineArn: machine.arn,
    roleArn: machine.roleArn,
    input: parseInput(input),
    services,
    clock,
    tokens,
    region,
  });
  const outcome = await execution.result;
  const stoppedAt = execution.stoppedAt ?? clock.now();
  return {
    executionArn: arn,
    stateMachineArn: machine.arn,
    name,
    startDate: seconds(execution.startedAt),
    stopDate: seconds(stoppedAt),
    status: outcome.status,
    input,
    inputDetails: { included: true },
    ...(outcome.status === "SUCCEEDED"
      ? { output: JSON.stringify(outcome.output), outputDetails: { included: true } }
      : { error: outcome.error, cause: outcome.cause }),
    billingDetails: {
      billedMemoryUsedInMB: memoryStepMb,
      billedDurationInMilliseconds: Math.ceil((stoppedAt - execution.startedAt) / timeStepMs) * timeStepMs,
    },
  };
}
