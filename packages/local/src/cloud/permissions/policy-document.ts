import * as v from "valibot";

const Values = v.union([v.string(), v.array(v.string())]);
const Statement = v.looseObject({
  Sid: v.optional(v.string()),
  Effect: v.picklist(["Allow", "Deny"]),
  Action: v.optional(Values),
  Resource: v.optional(Values),
});
const Document = v.object({
  Version: v.optional(v.string(), "2012-10-17"),
  Id: v.optional(v.string()),
  Statement: v.pipe(
    v.union([Statement, v.array(Statement)]),
    v.transform((statements) => [statements].flat()),
  ),
});

/** An IAM policy, its statements in a list. Whether they mean something is the evaluator's to say. */
export type PolicyDocument = v.InferOutput<typeof Document>;
export type PolicyStatement = PolicyDocument["Statement"][number];

/** A policy of the program that IAM would not take. */
export class InvalidPolicy extends Error {
  override readonly name = "InvalidPolicy";
  constructor(owner: string, reason: string) {
    super(`The policy of ${owner} is not one that IAM takes: ${reason}`);
  }
}

/** A policy as JSON text or as the value it stands for. @throws {InvalidPolicy} */
export function parsePolicy(policy: unknown, owner: string): PolicyDocument {
  try {
    return v.parse(Document, typeof policy === "string" ? JSON.parse(policy) : policy);
  } catch (error) {
    throw new InvalidPolicy(owner, error instanceof Error ? error.message : String(error));
  }
}

/** What may stand alone or in a list, as a list. */
export function listed(values: string | string[] | undefined): string[] {
  return values === undefined ? [] : [values].flat();
}
