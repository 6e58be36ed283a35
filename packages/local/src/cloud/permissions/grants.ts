import { listed, type PolicyDocument } from "./policy-document.ts";
import type { RolePolicies } from "./role-policies.ts";

/** One thing that one statement allows: an action on a resource, as both are written in the policy. */
export interface Grant {
  /** The role's name, or the ARN of the resource whose own policy it is. */
  readonly owner: string;
  /** The policy's name, `resource policy` for a resource's own. */
  readonly policy: string;
  /** The statement's Sid, or its place in the policy, from 1. */
  readonly statement: string;
  readonly action: string;
  readonly resource: string;
}

/** Under which a resource's own policy is known. */
export const RESOURCE_POLICY = "resource policy";

/** A grant as one text, by which two are the same. */
export function grantKey({ owner, policy, statement, action, resource }: Grant): string {
  return [owner, policy, statement, action, resource].join(" | ");
}

/** Everything that the program's policies allow, each action on each resource by itself. */
export function allGrants(
  roles: Iterable<RolePolicies>,
  resources: Iterable<readonly [string, PolicyDocument]>,
): Grant[] {
  const ofRoles = [...roles].flatMap(({ name, policies }) =>
    policies.flatMap((policy) => grantsOf(name, policy.name, policy.document)),
  );
  const ofResources = [...resources].flatMap(([arn, document]) => grantsOf(arn, RESOURCE_POLICY, document));
  return [...ofRoles, ...ofResources];
}

function grantsOf(owner: string, policy: string, { Statement }: PolicyDocument): Grant[] {
  return Statement.flatMap(({ Sid, Effect, Action, Resource }, index) =>
    Effect === "Deny"
      ? []
      : listed(Action).flatMap((action) =>
          (Resource === undefined ? ["*"] : listed(Resource)).map((resource) => ({
            owner,
            policy,
            statement: Sid ?? String(index + 1),
            action,
            resource,
          })),
        ),
  );
}
