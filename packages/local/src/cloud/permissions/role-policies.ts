import { type ResourceGraph, resourcesOf } from "../../render/graph.ts";
import { Inputs } from "../program/inputs.ts";
import { managedPolicies } from "./managed-policies.ts";
import { type PolicyDocument, parsePolicy } from "./policy-document.ts";

/** A policy with the name by which it is known: the inline policy's own, or the managed one's ARN. */
export interface NamedPolicy {
  readonly name: string;
  readonly document: PolicyDocument;
}

/** What a role may do. */
export interface RolePolicies {
  readonly arn: string;
  /** The role's name in AWS. */
  readonly name: string;
  readonly policies: readonly NamedPolicy[];
  /** The most that it may do, whatever its policies say. */
  readonly boundary: NamedPolicy | undefined;
}

/** The program attaches a policy of AWS's that is not written down here. */
export class UnknownManagedPolicy extends Error {
  override readonly name = "UnknownManagedPolicy";
  constructor(arn: string, role: string) {
    super(
      `The role ${role} has the policy ${arn}, whose text the local cloud does not know. ` +
        "Add it, with its version and source, to packages/local/src/cloud/permissions/managed-policies.ts.",
    );
  }
}

/** Every role of the program by its ARN. @throws {UnknownManagedPolicy | InvalidPolicy} */
export function rolePolicies(graph: ResourceGraph): Map<string, RolePolicies> {
  const own = new Map(
    resourcesOf(graph, "aws:iam/policy:Policy")
      .map((resource) => new Inputs(resource))
      .map((inputs) => [inputs.text("arn"), inputs.json("policy")]),
  );
  const byArn = (arn: string, role: string): NamedPolicy => {
    const policy = own.get(arn) ?? managedPolicies[arn]?.document;
    if (policy === undefined) throw new UnknownManagedPolicy(arn, role);
    return { name: arn, document: parsePolicy(policy, arn) };
  };
  const attached = attachments(graph);
  const separate = resourcesOf(graph, "aws:iam/rolePolicy:RolePolicy").map(
    (resource) => new Inputs(resource),
  );

  const roles = resourcesOf(graph, "aws:iam/role:Role").map((resource): [string, RolePolicies] => {
    const inputs = new Inputs(resource);
    const [arn, name] = [inputs.text("arn"), inputs.text("name")];
    const inline = [
      ...inputs.parts("inlinePolicies"),
      ...separate.filter((each) => names(each.text("role"), name, arn)),
    ].map((each, index) => ({
      name: each.optionalText("name") ?? `inline-${index}`,
      document: parsePolicy(each.json("policy"), `the role ${name}`),
    }));
    const managed = [
      ...inputs.texts("managedPolicyArns"),
      ...attached.filter(({ role }) => names(role, name, arn)).map(({ policy }) => policy),
    ];
    const boundary = inputs.optionalText("permissionsBoundary");
    const policies = [...inline, ...[...new Set(managed)].map((policy) => byArn(policy, name))];
    return [
      arn,
      { arn, name, policies, boundary: boundary === undefined ? undefined : byArn(boundary, name) },
    ];
  });
  return new Map(roles);
}

/** Resources refer to a role by its name, some by its ARN. */
function names(reference: string, name: string, arn: string): boolean {
  return reference === name || reference === arn;
}

function attachments(graph: ResourceGraph): { role: string; policy: string }[] {
  const single = resourcesOf(graph, "aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    .map((resource) => new Inputs(resource))
    .map((inputs) => ({ role: inputs.text("role"), policy: inputs.text("policyArn") }));
  const several = resourcesOf(graph, "aws:iam/policyAttachment:PolicyAttachment")
    .map((resource) => new Inputs(resource))
    .flatMap((inputs) => inputs.texts("roles").map((role) => ({ role, policy: inputs.text("policyArn") })));
  return [...single, ...several];
}
