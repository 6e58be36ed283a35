import { type Services, type TaskCall, TaskFailure } from "../../engine/index.ts";
import type { AwsClients, SdkAnswer } from "../aws-clients.ts";
import { type Arguments, asText, isRecord, sdkInput } from "./arguments.ts";
import { awaitEnd } from "./await-end.ts";
import { functionResult } from "./lambda-task.ts";
import { mapActions, mapAnswer } from "./map-objects.ts";
import { plainResult } from "./plain-result.ts";
import { sdkFailure } from "./sdk-failure.ts";
import { sdkMetadata } from "./sdk-metadata.ts";
import { sdkShape } from "./sdk-shape.ts";

/** Calls one action as the machine's role. */
type Caller = (service: string, action: string, input: object) => Promise<SdkAnswer>;

interface Task {
  readonly given: Arguments;
  readonly task: TaskCall;
  readonly call: Caller;
  readonly endOf: EndOf;
}

/** Settles when an execution has ended; undefined for one that is not known. */
export type EndOf = (executionArn: string) => Promise<unknown> | undefined;

/** An optimised integration; `.sync` ones answer when the job has ended. */
type Integration = (task: Task) => Promise<unknown>;

async function answered(answer: SdkAnswer): Promise<Record<string, unknown>> {
  const members = await plainResult(answer.output, "milliseconds", false);
  return { ...(isRecord(members) ? members : {}), ...sdkMetadata(answer) };
}

const plain =
  (service: string, action: string): Integration =>
  async ({ given, call }) =>
    answered(await call(service, action, sdkInput(service, given)));

/** `lambda:invoke`: the payload parsed; what the function threw fails the task under its own name. */
const invoke: Integration = async ({ given, call }) => {
  const answer = await call("lambda", "invoke", { ...given, Payload: asText(given.Payload ?? {}) });
  const Payload = functionResult(answer);
  const { ExecutedVersion, LogResult, StatusCode } = answer.output;
  return {
    ...(ExecutedVersion === undefined ? {} : { ExecutedVersion }),
    ...(LogResult === undefined ? {} : { LogResult }),
    ...(Payload === undefined ? {} : { Payload }),
    ...sdkMetadata(answer),
    StatusCode,
  };
};

/** `events:putEvents`: the execution and its machine are added to the resources; one failed entry fails the task. */
const putEvents: Integration = async ({ given, task, call }) => {
  const entries: unknown[] = Array.isArray(given.Entries) ? given.Entries : [];
  const own = [task.execution.arn, task.execution.machineArn];
  const Entries = entries.map((entry) => {
    if (!isRecord(entry)) return entry;
    const resources: unknown[] = Array.isArray(entry.Resources) ? entry.Resources : [];
    return { ...entry, Detail: asText(entry.Detail), Resources: [...resources, ...own] };
  });
  const { output } = await call("eventbridge", "putEvents", { Entries });
  const result = { Entries: output.Entries, FailedEntryCount: output.FailedEntryCount };
  if (output.FailedEntryCount !== 0) throw new TaskFailure("EventBridge.FailedEntry", JSON.stringify(result));
  return result;
};

/** `states:startExecution`, answered at once or when the child has ended. */
const startExecution: Integration = async ({ given, task, call, endOf }) => {
  const input = sdkInput("sfn", given);
  const started = await call("sfn", "startExecution", input);
  const { executionArn, startDate } = started.output;
  const StartDate = startDate instanceof Date ? startDate.getTime() : startDate;
  const submitted = { ExecutionArn: executionArn, ...sdkMetadata(started), StartDate };
  const pattern = task.target.kind === "integration" ? task.target.pattern : "response";
  if (pattern !== "sync" && pattern !== "sync2") return submitted;
  task.submitted(submitted);
  const stop = () => {
    const cause = "The parent execution no longer waits for it";
    call("sfn", "stopExecution", { executionArn, cause }).catch(() => {});
  };
  task.signal.addEventListener("abort", stop, { once: true });
  try {
    const ended = await awaitEnd(
      async () => {
        const { output } = await call("sfn", "describeExecution", { executionArn });
        return output.status === "RUNNING" || output.status === "PENDING_REDRIVE" ? undefined : output;
      },
      task.signal,
      { ended: endOf(String(executionArn)), idle: task.idle },
    );
    const child = await plainResult(ended, "milliseconds", true);
    if (!isRecord(child) || child.Status !== "SUCCEEDED") {
      const cause = Object.fromEntries(
        Object.entries(child ?? {}).sort(([left], [right]) => (left < right ? -1 : 1)),
      );
      throw new TaskFailure("States.TaskFailed", JSON.stringify(cause));
    }
    if (pattern === "sync") return child;
    const parse = (text: unknown) => (typeof text === "string" ? JSON.parse(text) : text);
    return { ...child, Input: parse(child.Input), Output: parse(child.Output) };
  } finally {
    task.signal.removeEventListener("abort", stop);
  }
};

/** A job that a `.sync` task starts, and how to wait for it. */
interface Job {
  /** What the task ends with; undefined as long as the job goes on. */
  readonly ask: () => Promise<{ readonly succeeded: boolean; readonly result: unknown } | undefined>;
  readonly stop: () => Promise<unknown>;
}

/** Answers with how the job started, or for `.sync` with its end; a job that nobody waits for any more is stopped. */
async function whenDone(task: TaskCall, submitted: Record<string, unknown>, job: Job): Promise<unknown> {
  if (task.target.kind !== "integration" || task.target.pattern !== "sync") return submitted;
  task.submitted(submitted);
  const stop = () => {
    job.stop().catch(() => {});
  };
  task.signal.addEventListener("abort", stop, { once: true });
  try {
    const { succeeded, result } = await awaitEnd(job.ask, task.signal);
    const shown = await plainResult(result, "milliseconds", false);
    if (succeeded) return shown;
    throw new TaskFailure("States.TaskFailed", JSON.stringify(shown));
  } finally {
    task.signal.removeEventListener("abort", stop);
  }
}

/** Glue's states that a run does not leave any more. */
const ENDED_RUNS = new Set(["SUCCEEDED", "FAILED", "TIMEOUT", "STOPPED", "ERROR"]);

/** `glue:startJobRun`, answered at once or when the run has ended. */
const startJobRun: Integration = async ({ given, task, call }) => {
  const started = await call("glue", "startJobRun", sdkInput("glue", given));
  const { JobRunId } = started.output;
  return whenDone(
    task,
    { JobRunId, ...sdkMetadata(started) },
    {
      ask: async () => {
        const { output } = await call("glue", "getJobRun", { JobName: given.JobName, RunId: JobRunId });
        const state = isRecord(output.JobRun) ? output.JobRun.JobRunState : undefined;
        if (typeof state !== "string" || !ENDED_RUNS.has(state)) return undefined;
        return { succeeded: state === "SUCCEEDED", result: output.JobRun };
      },
      stop: () => call("glue", "batchStopJobRun", { JobName: given.JobName, JobRunIds: [JobRunId] }),
    },
  );
};

/** Athena's states that a query does not leave any more. */
const ENDED_QUERIES = new Set(["SUCCEEDED", "FAILED", "CANCELLED"]);

/** `athena:startQueryExecution`, answered at once or when the query has ended. */
const startQueryExecution: Integration = async ({ given, call, task }) => {
  const started = await call("athena", "startQueryExecution", sdkInput("athena", given));
  const { QueryExecutionId } = started.output;
  return whenDone(
    task,
    { QueryExecutionId, ...sdkMetadata(started) },
    {
      ask: async () => {
        const { output } = await call("athena", "getQueryExecution", { QueryExecutionId });
        const query = isRecord(output.QueryExecution) ? output.QueryExecution : {};
        const state = isRecord(query.Status) ? query.Status.State : undefined;
        if (typeof state !== "string" || !ENDED_QUERIES.has(state)) return undefined;
        return { succeeded: state === "SUCCEEDED", result: { QueryExecution: query } };
      },
      stop: () => call("athena", "stopQueryExecution", { QueryExecutionId }),
    },
  );
};

/** What a Distributed Map does with objects; no task can name it. */
const ofMap =
  (action: string): Integration =>
  async ({ given, call }) =>
    mapAnswer(await call("s3", action, given));

interface Optimised {
  /** The service's name in `aws-sdk:<name>`, which its errors are looked up by. */
  readonly service: string;
  readonly run: Integration;
}

const optimised: Readonly<Record<string, Optimised>> = {
  "lambda:invoke": { service: "lambda", run: invoke },
  "dynamodb:getItem": { service: "dynamodb", run: plain("dynamodb", "getItem") },
  "dynamodb:putItem": { service: "dynamodb", run: plain("dynamodb", "putItem") },
  "dynamodb:updateItem": { service: "dynamodb", run: plain("dynamodb", "updateItem") },
  "dynamodb:deleteItem": { service: "dynamodb", run: plain("dynamodb", "deleteItem") },
  "sqs:sendMessage": { service: "sqs", run: plain("sqs", "sendMessage") },
  "sns:publish": { service: "sns", run: plain("sns", "publish") },
  "events:putEvents": { service: "eventbridge", run: putEvents },
  "states:startExecution": { service: "sfn", run: startExecution },
  "athena:startQueryExecution": { service: "athena", run: startQueryExecution },
  "athena:getQueryExecution": { service: "athena", run: plain("athena", "getQueryExecution") },
  "athena:getQueryResults": { service: "athena", run: plain("athena", "getQueryResults") },
  "athena:stopQueryExecution": { service: "athena", run: plain("athena", "stopQueryExecution") },
  "glue:startJobRun": { service: "glue", run: startJobRun },
  ...Object.fromEntries(mapActions.map((action) => [`s3:${action}`, { service: "s3", run: ofMap(action) }])),
};

/** Services in `aws-sdk:<name>` whose APIs are in camelCase, however deep. */
const camelCased: ReadonlySet<string> = new Set(["bedrockruntime"]);

/** A task that names a function by its ARN: the arguments are the event, the payload is the result. */
async function callFunction(functionArn: string, { task, call }: Task): Promise<unknown> {
  const answer = await call("lambda", "invoke", {
    FunctionName: functionArn,
    Payload: asJson(task.arguments),
  });
  return functionResult(answer);
}

function asJson(value: unknown): string {
  return JSON.stringify(value ?? {});
}

/**
 * What state machines can call: the optimised integrations that the project uses, and `aws-sdk:<service>:<action>` for
 * every service of the local cloud. All of it goes through the real SDK clients to the gateway, as the machine's role.
 */
export function taskServices(clients: AwsClients, endOf: EndOf): Services {
  return {
    async call(task) {
      const { target, execution, signal } = task;
      const role = task.credentialsRoleArn ?? execution.roleArn;
      // The children of a map are executions of `<machine>/<label>`.
      const session = execution.machineName.split("/")[0] ?? "";
      const as = { role, session, signal };
      const ending = { ...as, signal: AbortSignal.timeout(10_000) };
      const given = isRecord(task.arguments) ? task.arguments : {};
      const call: Caller = (service, action, input) =>
        clients.call(service, action, input, /^(stop|batchStop)/.test(action) ? ending : as);
      try {
        if (target.kind === "lambda")
          return await callFunction(target.functionArn, { given, task, call, endOf });
        if (target.sdk && camelCased.has(target.service)) {
          const shape = sdkShape(await clients.schemaOf(target.service, target.action));
          const { output } = await call(target.service, target.action, shape.toSdk(given));
          return await plainResult(shape.fromSdk(output), "iso", false);
        }
        if (target.sdk) {
          const { output } = await call(target.service, target.action, sdkInput(target.service, given));
          return await plainResult(output, "iso", target.service === "sfn");
        }
        const integration = optimised[`${target.service}:${target.action}`];
        if (integration !== undefined) return await integration.run({ given, task, call, endOf });
      } catch (thrown) {
        if (thrown instanceof TaskFailure || signal.aborted) throw thrown;
        const [service, action, sdk] =
          target.kind === "lambda"
            ? ["lambda", "invoke", false]
            : [
                optimised[`${target.service}:${target.action}`]?.service ?? target.service,
                target.action,
                target.sdk,
              ];
        throw sdkFailure(thrown, service, action, sdk);
      }
      throw new TaskFailure(
        "States.Runtime",
        `The local cloud does not implement the integration ${task.resource}.`,
      );
    },
  };
}
