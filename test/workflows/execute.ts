import {
  type HistoryEvent,
  type Outcome,
  parseDefinition,
  startExecution,
  type TaskCall,
  TaskFailure,
} from "../../packages/local/src/engine/index.ts";
import type { Definition } from "../../workflows/asl/states.ts";
import { virtualClock } from "../engine/virtual-clock.ts";

/** What a service answers to the tries of one state, in order; the last answer stays. An error name fails the try. */
export type Answers = Readonly<Record<string, readonly (Readonly<Record<string, unknown>> | string)[]>>;

export interface Trace {
  readonly outcome: Outcome;
  /** Names of the states entered, in order; after them those of tasks in the children of a Distributed Map. */
  readonly states: readonly string[];
  /** What each try asked for, in order. */
  readonly calls: readonly { readonly state: string; readonly arguments: unknown }[];
  readonly history: readonly HistoryEvent[];
}

/** Runs a definition in the interpreter; services are scripted, time is virtual. A try without an answer gets `{}`. */
export async function execute(
  name: string,
  definition: Definition,
  input: unknown,
  answers: Answers,
): Promise<Trace> {
  const calls: { state: string; arguments: unknown }[] = [];
  const tries = new Map<string, number>();
  const ofChildren: string[] = [];
  const call = async (task: TaskCall) => {
    const state = task.state.name;
    calls.push({ state, arguments: task.arguments });
    // A child of a Distributed Map has a history of its own.
    if (task.execution.mapRun !== undefined && task.state.retryCount === 0) ofChildren.push(state);
    const scripted = answers[state] ?? [{}];
    const turn = tries.get(state) ?? 0;
    tries.set(state, turn + 1);
    const answer = scripted[Math.min(turn, scripted.length - 1)];
    if (typeof answer === "string") throw new TaskFailure(answer, "scripted");
    return answer ?? {};
  };
  const machineArn = `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`;
  const execution = startExecution(parseDefinition(JSON.parse(JSON.stringify(definition))), {
    arn: `arn:aws:states:us-east-1:000000000000:execution:${name}:run-1`,
    name: "run-1",
    machineArn,
    roleArn: "arn:aws:iam::000000000000:role/test",
    input,
    services: { call },
    clock: virtualClock(),
    random: () => 0.5,
  });
  const outcome = await execution.result;
  const states = execution.history.flatMap(({ type, details }) =>
    type.endsWith("StateEntered") && typeof details?.name === "string" ? [details.name] : [],
  );
  return { outcome, states: [...states, ...ofChildren], calls, history: execution.history };
}
