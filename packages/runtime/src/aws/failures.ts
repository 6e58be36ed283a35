import {
  AccessDenied,
  NamedError,
  ObjectChanged,
  ObjectMissing,
  Throttled,
  Unexpected,
  UpstreamUnavailable,
} from "../errors.ts";

const THROTTLES = new Set([
  "ThrottlingException",
  "ThrottledException",
  "Throttling",
  "TooManyRequestsException",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "RequestThrottled",
  "SlowDown",
  "KMSThrottlingException",
]);
/** SQS and SNS have names of their own for a key that the caller may not use. */
const REFUSALS = new Set([
  "AccessDenied",
  "AccessDeniedException",
  "AuthorizationErrorException",
  "Forbidden",
  "KmsAccessDenied",
  "KMSAccessDeniedException",
]);
const UNREACHABLE = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ENOTFOUND", "ETIMEDOUT", "EAI_AGAIN"]);

/**
 * A `catch` for a call to AWS: throws the failure under our name, with what was called on and no content. The SDK has
 * retried by then (three attempts), so `Throttled` and `UpstreamUnavailable` are for the state machine to wait out.
 */
export function fromAws(about: string): (error: unknown) => never {
  return (error) => {
    throw awsFailure(about, error);
  };
}

/** {@link fromAws}'s mapping itself: SDK error → named error. */
export function awsFailure(about: string, error: unknown): NamedError {
  if (error instanceof NamedError) return error;
  const { name, code, status } = shape(error);
  if (["NoSuchKey", "NotFound", "NoSuchBucket", "NoSuchVersion"].includes(name) || status === 404) {
    return new ObjectMissing(`${about} is not there (${name})`, { cause: error });
  }
  if (THROTTLES.has(name) || status === 429) {
    return new Throttled(`${about}: AWS asks for fewer calls (${name}); try again later`, { cause: error });
  }
  if (["PreconditionFailed", "ConditionalRequestConflict"].includes(name) || status === 412) {
    return new ObjectChanged(`${about} is no longer the object that was looked at`, { cause: error });
  }
  if (REFUSALS.has(name) || status === 403) {
    const said = refusal(error) ?? `AWS refuses the call to this role (${name}); see its permissions`;
    return new AccessDenied(`${about}: ${said}`, { cause: error });
  }
  // Of HTTP/2, which Kinesis speaks, the stream or its session breaks off by codes of their own.
  const unreachable = UNREACHABLE.has(code) || code.startsWith("ERR_HTTP2_");
  if (unreachable || name === "TimeoutError" || (status !== undefined && status >= 500)) {
    return new UpstreamUnavailable(`${about}: AWS does not answer (${code || name}); try again later`, {
      cause: error,
    });
  }
  return new Unexpected(`${about}: AWS answered ${name}`, { cause: error });
}

/** IAM's own sentence, which names the role, the action and the resource; a HEAD request's answer has none. */
function refusal(error: unknown): string | undefined {
  const said = error instanceof Error ? error.message : "";
  return said.includes("is not authorized to perform") ? said : undefined;
}

/** Reads what SDK errors carry: a name, for connections a code, for answers a status. */
function shape(error: unknown): { name: string; code: string; status: number | undefined } {
  if (!(error instanceof Error)) return { name: "something that is no error", code: "", status: undefined };
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const metadata = "$metadata" in error ? error.$metadata : undefined;
  const status =
    typeof metadata === "object" && metadata !== null && "httpStatusCode" in metadata
      ? Number(metadata.httpStatusCode) || undefined
      : undefined;
  return { name: error.name, code, status };
}
