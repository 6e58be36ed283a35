import type { Branch } from "./branch.ts";
import { Interrupted, StateFailure, stateErrors } from "./failures.ts";
import type { EventDetails } from "./history.ts";
import { checkPayload } from "./payload.ts";
import { realWork } from "./real-work.ts";
import type { TaskTarget } from "./resource.ts";
import { type Callback, failureOf } from "./tokens.ts";

/** How long a task may take, and how long it may be silent. */
export interface TaskLimits {
  readonly timeoutSeconds: number | undefined;
  readonly heartbeatSeconds: number | undefined;
}

interface Call {
  readonly resource: string;
  readonly target: TaskTarget;
  readonly payload: unknown;
  readonly limits: TaskLimits;
  readonly credentialsRoleArn: string | undefined;
  /** Of `.sync` and `.waitForTaskToken` tasks. */
  readonly callback: Callback | undefined;
}

/** The events of one kind of task: Lambda functions by ARN have names of their own and say less. */
interface Events {
  readonly prefix: "LambdaFunction" | "Task";
  readonly common: EventDetails;
}

/** Made once: making an error for each task takes longer than the rest of its end. */
const taskEnded = new Interrupted("The task has ended");

/**
 * Has the service run one task, with all its events from Scheduled to the end.
 * @returns its result
 * @throws StateFailure when it fails or takes too long
 */
export async function callTask(branch: Branch, call: Call): Promise<unknown> {
  const { run } = branch;
  const { target } = call;
  const events: Events =
    target.kind === "lambda"
      ? { prefix: "LambdaFunction", common: {} }
      : { prefix: "Task", common: { resource: target.resource, resourceType: target.resourceType } };
  branch.emit(`${events.prefix}Scheduled`, scheduled(branch, call, events));
  await undefined; // The start is a step of its own: siblings are scheduled before the first of them starts.
  branch.emit(`${events.prefix}Started`, target.kind === "lambda" ? undefined : events.common);

  const ended = new AbortController();
  const signal = AbortSignal.any([branch.signal, ended.signal]);
  const submitted = (answer: unknown) => {
    if (!signal.aborted) branch.emit("TaskSubmitted", { ...events.common, output: answer });
  };
  const work = realWork(run.clock);
  const called = begin(() =>
    run.services.call({
      resource: call.resource,
      target,
      arguments: call.payload,
      signal,
      execution: run.facts,
      state: { name: branch.at?.name ?? "", retryCount: branch.retryCount },
      submitted,
      idle: work.idle,
      ...(call.callback === undefined ? {} : { taskToken: call.callback.token }),
      ...(call.credentialsRoleArn === undefined ? {} : { credentialsRoleArn: call.credentialsRoleArn }),
    }),
  );
  void called.then(work.end, work.end);
  try {
    const answers = [answerOf(call, called, submitted), ...watches(branch, call, signal)];
    const result = (await Promise.race(answers)) ?? null;
    branch.checkpoint();
    checkPayload(result, target.kind === "lambda" ? target.functionArn : call.resource);
    branch.emit(`${events.prefix}Succeeded`, { ...events.common, output: result });
    return result;
  } catch (thrown) {
    branch.checkpoint();
    const failure = failureOf(thrown);
    const ending =
      failure.error === stateErrors.timeout && failure.failureCause === undefined ? "TimedOut" : "Failed";
    branch.emit(`${events.prefix}${ending}`, { ...failureDetails(failure), ...events.common });
    throw failure;
  } finally {
    ended.abort(taskEnded);
  }
}

/** A service that throws instead of rejecting has failed all the same. */
async function begin(call: () => Promise<unknown>): Promise<unknown> {
  return call();
}

/** `error` and `cause`, each only when there is one. */
export function failureDetails({ error, failureCause }: StateFailure): EventDetails {
  return {
    ...(error === undefined ? {} : { error }),
    ...(failureCause === undefined ? {} : { cause: failureCause }),
  };
}

function scheduled(branch: Branch, call: Call, events: Events): EventDetails {
  const { timeoutSeconds, heartbeatSeconds } = call.limits;
  const limits = {
    ...(timeoutSeconds === undefined ? {} : { timeoutInSeconds: timeoutSeconds }),
    ...(heartbeatSeconds === undefined ? {} : { heartbeatInSeconds: heartbeatSeconds }),
    ...(call.credentialsRoleArn === undefined
      ? {}
      : { taskCredentials: { roleArn: call.credentialsRoleArn } }),
  };
  if (call.target.kind === "lambda") {
    const { heartbeatInSeconds: _, ...lambdaLimits } = { heartbeatInSeconds: 0, ...limits };
    return { input: call.payload, resource: call.resource, ...lambdaLimits };
  }
  return { ...events.common, parameters: call.payload, region: branch.run.region, ...limits };
}

/** What ends the task: the service's answer, or for a callback the answer to its token. */
function answerOf(
  call: Call,
  called: Promise<unknown>,
  submitted: (answer: unknown) => void,
): Promise<unknown> {
  const { target, callback } = call;
  if (callback === undefined || target.kind !== "integration") return called;
  if (target.pattern !== "callback") return Promise.race([called, callback.answer]);
  return called.then((answer) => {
    submitted(answer);
    return callback.answer;
  });
}

/** Promises that reject when the task has taken too long, has been silent too long, or is not wanted any more. */
function watches(branch: Branch, { limits, callback }: Call, signal: AbortSignal): Promise<never>[] {
  const { clock } = branch.run;
  const found: Promise<never>[] = [whenAborted(signal)];
  if (limits.timeoutSeconds !== undefined) {
    found.push(failAfter(clock.sleep(limits.timeoutSeconds * 1000, signal), false));
  }
  if (limits.heartbeatSeconds !== undefined && callback !== undefined) {
    const { heartbeatSeconds } = limits;
    found.push(
      new Promise((_, reject) => {
        let silent: AbortController | undefined;
        const wait = () => {
          silent?.abort();
          silent = new AbortController();
          const until = AbortSignal.any([signal, silent.signal]);
          const missed = () => reject(new StateFailure(stateErrors.timeout, undefined, true));
          clock.sleep(heartbeatSeconds * 1000, until).then(missed, () => {});
        };
        callback.onHeartbeat = wait;
        wait();
      }),
    );
  }
  return found;
}

async function failAfter(sleep: Promise<void>, missedHeartbeat: boolean): Promise<never> {
  await sleep;
  throw new StateFailure(stateErrors.timeout, undefined, missedHeartbeat);
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
