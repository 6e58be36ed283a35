import { CopilotRefusal } from "@penstock/contracts";
import * as v from "valibot";

/** Every kind of problem that the API answers with, its status and its title. */
export const problemKinds = {
  "invalid-input": { status: 400, title: "The request is not as it should be" },
  "too-many-days": { status: 400, title: "The batch is of too many days" },
  unauthorized: { status: 401, title: "A token is needed" },
  forbidden: { status: 403, title: "The token is not for this" },
  "not-found": { status: 404, title: "There is no such thing" },
  "key-reused": { status: 409, title: "The idempotency key stands for another input" },
  "not-redrivable": { status: 409, title: "The execution cannot be taken up again" },
  gone: { status: 410, title: "What the request goes on with is no longer kept" },
  "too-large": { status: 413, title: "The request is too large" },
  "not-answered": { status: 422, title: "The question is not answered" },
  "unusable-image": { status: 422, title: "The picture cannot be used" },
  "too-many-requests": { status: 429, title: "Too many requests of one user" },
  internal: { status: 500, title: "The request failed by a fault of ours" },
  "not-built": { status: 503, title: "Nothing is built yet" },
  "not-taken": { status: 503, title: "Some of it was not taken" },
  unavailable: { status: 503, title: "A service that is needed does not answer" },
} as const;

export type ProblemKind = keyof typeof problemKinds;

/** One field that is wrong, and what to do about it. */
const FieldProblem = v.strictObject({
  field: v.pipe(v.string(), v.description("Where: the path in the body, a parameter or a header")),
  detail: v.pipe(v.string(), v.description("What is wrong, and what to give instead")),
});
export type FieldProblem = v.InferOutput<typeof FieldProblem>;

/** What stands in the body of every answer that is no success: a problem document. Source: RFC 9457 */
export const ProblemDocument = v.strictObject({
  type: v.pipe(v.string(), v.description("The kind of problem: `urn:penstock:problem:<kind>`")),
  title: v.pipe(v.string(), v.description("The kind of problem in words")),
  status: v.pipe(v.number(), v.integer(), v.description("The HTTP status")),
  detail: v.pipe(v.string(), v.description("What is the matter this time, and what to do")),
  errors: v.optional(v.pipe(v.array(FieldProblem), v.description("The fields that are wrong"))),
  reason: v.optional(CopilotRefusal.entries.code),
  sql: v.optional(
    v.pipe(v.string(), v.description("What the model wrote for a question that is not answered")),
  ),
  model: v.optional(v.pipe(v.string(), v.description("The model that was asked"))),
  offline: v.optional(
    v.pipe(v.boolean(), v.description("Whether it is the local cloud's, which knows rules")),
  ),
  request_id: v.optional(v.pipe(v.string(), v.description("By which the request is found in the logs"))),
});
export type ProblemDocument = v.InferOutput<typeof ProblemDocument>;

type Refusal = Pick<CopilotRefusal, "code" | "sql" | "model" | "offline">;

function fieldsOf({
  code,
  sql,
  model,
  offline,
}: Refusal): Pick<ProblemDocument, "reason" | "sql" | "model" | "offline"> {
  return {
    reason: code,
    ...(sql !== null && { sql }),
    ...(model !== null && { model }),
    ...(offline !== null && { offline }),
  };
}

/** Seconds after which it is worth trying again what went wrong elsewhere: a service that was too busy, a campaign that broke off. */
export const RETRY_AFTER = "5";

/** A request that cannot be served, and what to answer. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly kind: ProblemKind;
  readonly fields: readonly FieldProblem[];
  readonly headers: Readonly<Record<string, string>>;
  /** Why a question is not answered, as a code that stays the same, and what the model wrote for it. */
  readonly refusal: Refusal | undefined;

  constructor(
    kind: ProblemKind,
    detail: string,
    more: {
      fields?: readonly FieldProblem[];
      headers?: Readonly<Record<string, string>>;
      refusal?: Refusal;
    } = {},
  ) {
    super(detail);
    this.kind = kind;
    this.fields = more.fields ?? [];
    this.headers = more.headers ?? {};
    this.refusal = more.refusal;
  }

  get status(): (typeof problemKinds)[ProblemKind]["status"] {
    return problemKinds[this.kind].status;
  }

  document(requestId: string | undefined): ProblemDocument {
    const { status, title } = problemKinds[this.kind];
    return {
      type: `urn:penstock:problem:${this.kind}`,
      title,
      status,
      detail: this.message,
      ...(this.fields.length > 0 && { errors: [...this.fields] }),
      ...(this.refusal !== undefined && fieldsOf(this.refusal)),
      ...(requestId !== undefined && { request_id: requestId }),
    };
  }
}
