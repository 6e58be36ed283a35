import path from "node:path";
import * as v from "valibot";
import { type ResourceGraph, renderProgram, resourcesOf } from "../../packages/local/src/render/index.ts";

/** The repository: what is rendered is its own sst.config.ts. */
export const root = path.resolve(import.meta.dirname, "../..");

/** The program as the laptop sees it, and as it is deployed for good. */
export const graph = await renderProgram({ root, stage: "local" });
export const production = await renderProgram({ root, stage: "production" });

const list = v.pipe(
  v.union([v.string(), v.array(v.string())]),
  v.transform((value) => [value].flat()),
);
const Statement = v.strictObject({
  Sid: v.optional(v.string()),
  Effect: v.picklist(["Allow", "Deny"]),
  Principal: v.optional(v.union([v.literal("*"), v.record(v.string(), list)])),
  Action: list,
  Resource: v.optional(list),
  Condition: v.optional(v.record(v.string(), v.record(v.string(), list))),
});
const Policy = v.strictObject({ Version: v.literal("2012-10-17"), Statement: v.array(Statement) });
export type Statement = v.InferOutput<typeof Statement>;

/** The statements of a policy's JSON. */
export function statements(policy: unknown): Statement[] {
  return v.parse(Policy, JSON.parse(v.parse(v.string(), policy))).Statement;
}

const Role = v.object({
  name: v.string(),
  assumeRolePolicy: v.string(),
  managedPolicyArns: v.optional(v.array(v.string()), []),
  inlinePolicies: v.array(v.object({ policy: v.string() })),
});

/** Every role with what it may do and who may take it on. */
export function roles(of: ResourceGraph) {
  return resourcesOf(of, "aws:iam/role:Role").map(({ name, inputs }) => {
    const role = v.parse(Role, inputs);
    return {
      name,
      trust: statements(role.assumeRolePolicy),
      managed: role.managedPolicyArns,
      grants: role.inlinePolicies.flatMap(({ policy }) => statements(policy)),
    };
  });
}

/** Every policy there is: of roles, and of what has one itself. */
export function policies(of: ResourceGraph): { owner: string; statements: Statement[] }[] {
  const own = of.resources.flatMap(({ name, inputs }) =>
    typeof inputs.policy === "string" ? [{ owner: name, statements: statements(inputs.policy) }] : [],
  );
  const ofRoles = roles(of).flatMap(({ name, trust, grants }) => [
    { owner: name, statements: grants },
    { owner: `${name} trust`, statements: trust },
  ]);
  return [...own, ...ofRoles];
}

/** The one resource of a logical name. */
export function resource(of: ResourceGraph, name: string) {
  const found = of.resources.filter((each) => each.name === name);
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} resources are named ${name}`);
  return only;
}
