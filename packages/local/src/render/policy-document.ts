import * as v from "valibot";

const texts = v.array(v.string());

/** The provider's arguments for `aws.iam.getPolicyDocument`, as far as the program uses them. */
const Arguments = v.object({
  statements: v.array(
    v.strictObject({
      sid: v.optional(v.string()),
      effect: v.optional(v.picklist(["Allow", "Deny"]), "Allow"),
      actions: v.optional(texts),
      resources: v.optional(texts),
      principals: v.optional(v.array(v.strictObject({ type: v.string(), identifiers: texts })), []),
      conditions: v.optional(
        v.array(v.strictObject({ test: v.string(), variable: v.string(), values: texts })),
        [],
      ),
    }),
  ),
});
type Statement = v.InferOutput<typeof Arguments>["statements"][number];

/** The IAM policy that the provider writes for these arguments, as JSON text. */
export function policyDocument(given: unknown): string {
  const { statements } = v.parse(Arguments, given);
  return JSON.stringify({ Version: "2012-10-17", Statement: statements.map(statement) });
}

/** One value stands alone in a policy, several stand in a list. */
function compact(values: string[]): string | string[] {
  const [only] = values;
  return values.length === 1 && only !== undefined ? only : values;
}

function statement({ sid, effect, actions, resources, principals, conditions }: Statement) {
  const tests: Record<string, Record<string, string | string[]>> = {};
  for (const { test, variable, values } of conditions) {
    tests[test] = { ...tests[test], [variable]: compact(values) };
  }
  return {
    ...(sid !== undefined && { Sid: sid }),
    Effect: effect,
    ...(principals.length > 0 && { Principal: principal(principals) }),
    ...(actions && { Action: compact(actions) }),
    ...(resources && { Resource: compact(resources) }),
    ...(conditions.length > 0 && { Condition: tests }),
  };
}

function principal(principals: Statement["principals"]): unknown {
  if (principals.some(({ type }) => type === "*")) return "*";
  const byType: Record<string, string[]> = {};
  for (const { type, identifiers } of principals) byType[type] = [...(byType[type] ?? []), ...identifiers];
  return Object.fromEntries(Object.entries(byType).map(([type, all]) => [type, compact(all)]));
}
