import {
  type Services,
  type TaskCall,
  TaskFailure,
  type TaskTokens,
} from "../../packages/local/src/engine/index.ts";
import type { Case, RecordedTask } from "./cases.ts";

/** Services that answer as they were recorded to answer, and functions and buckets that a case sets up. */
export function replay(one: Case, tokens: TaskTokens): Services {
  const left = [...one.tasks];
  return {
    call: async (task) => {
      const at = left.findIndex(
        ({ state, attempt }) => state === task.state.name && attempt === task.state.retryCount,
      );
      const recorded = at === -1 ? undefined : left.splice(at, 1)[0];
      if (recorded !== undefined) return answer(recorded, task, tokens);
      if (task.resource.endsWith(":s3:getObject")) return { Body: object(one, task.arguments) };
      if (task.resource.endsWith(":s3:listObjectsV2")) return { Contents: listing(one, task.arguments) };
      // What a ResultWriter does; nothing recorded looks at what it wrote.
      if (/:s3:(putObject|\w+MultipartUpload|uploadPart)$/.test(task.resource)) return { UploadId: "1" };
      return invoke(one, task);
    },
  };
}

async function answer(recorded: RecordedTask, task: TaskCall, tokens: TaskTokens): Promise<unknown> {
  const { target, taskToken } = task;
  const failure = () => new TaskFailure(recorded.error ?? undefined, text(recorded.cause));
  if (target.kind === "integration" && target.pattern === "callback" && taskToken !== undefined) {
    if (recorded.outcome === "failed" && recorded.submitted === undefined) throw failure();
    setImmediate(() => {
      if (recorded.outcome === "succeeded") tokens.succeed(taskToken, recorded.output);
      if (recorded.outcome === "failed")
        tokens.fail(taskToken, recorded.error ?? undefined, text(recorded.cause));
    });
    return recorded.submitted;
  }
  if (recorded.submitted !== undefined) task.submitted(recorded.submitted);
  if (recorded.outcome === "succeeded") return recorded.output;
  if (recorded.outcome === "failed") throw failure();
  return new Promise(() => {}); // Timed out, or the recording does not tell: it never answers.
}

function text(cause: unknown): string | undefined {
  if (cause === null || cause === undefined) return undefined;
  return typeof cause === "string" ? cause : JSON.stringify(cause);
}

/** Functions in distributed maps were not recorded task by task. */
function invoke(one: Case, { target, arguments: given }: TaskCall): unknown {
  const payload = Object(given);
  const name = target.kind === "lambda" ? target.functionArn : String(payload.FunctionName);
  const lambda = Object.entries(one.setup.lambdas ?? {}).find(
    ([key, { arn }]) => key === name || arn === name,
  )?.[1];
  if (lambda === undefined) throw new TaskFailure("Conformance.NoAnswer", `Nothing answers for ${name}`);
  const event = target.kind === "lambda" ? given : payload.Payload;
  const constant = /^const:([\s\S]*)$/.exec(lambda.behaviour)?.[1];
  const result: unknown = constant === undefined ? event : JSON.parse(constant);
  const raised = /^raise:([^:]*):([\s\S]*)$/.exec(lambda.behaviour);
  if (raised !== null) {
    const [, errorType, errorMessage] = raised;
    throw new TaskFailure(
      errorType,
      JSON.stringify({ errorMessage, errorType, requestId: "0", stackTrace: lambda.stackTrace ?? [] }),
    );
  }
  return target.kind === "lambda" ? result : { ExecutedVersion: "$LATEST", Payload: result, StatusCode: 200 };
}

function object(one: Case, given: unknown): string {
  const { Bucket, Key } = Object(given);
  const found = one.setup.s3?.[Bucket]?.[Key];
  if (found === undefined)
    throw new TaskFailure("S3.NoSuchKeyException", "The specified key does not exist.");
  return found;
}

function listing(one: Case, given: unknown): unknown[] {
  const { Bucket, Prefix = "" } = Object(given);
  return Object.entries(one.setup.s3?.[Bucket] ?? {})
    .filter(([key]) => key.startsWith(Prefix))
    .map(([Key, body]) => ({
      Etag: "<etag>",
      Key,
      LastModified: 0,
      Size: Buffer.byteLength(body),
      StorageClass: "STANDARD",
    }));
}
