import type { RequestAnalysis } from "@cloud-copilot/iam-simulate";
import { type Grant, RESOURCE_POLICY } from "./grants.ts";

type StatementAnalysis = NonNullable<RequestAnalysis["identityAnalysis"]>["allowStatements"][number];

/** The grants by which a request was allowed, as they are written in the policies. */
export function neededGrants(
  { identityAnalysis, resourceAnalysis }: RequestAnalysis,
  owner: { readonly role: string; readonly resource: string },
): Grant[] {
  const identity = identityAnalysis?.allowStatements ?? [];
  const own = resourceAnalysis?.allowStatements ?? [];
  return [
    ...identity.flatMap((statement) => grantsOf(statement, owner.role, statement.policyId)),
    ...own.flatMap((statement) => grantsOf(statement, owner.resource, RESOURCE_POLICY)),
  ];
}

function grantsOf({ statement, explain }: StatementAnalysis, owner: string, policy: string): Grant[] {
  const matching = <Explain extends { readonly matches: boolean }>(given: Explain | Explain[] | undefined) =>
    [given ?? []].flat().filter(({ matches }) => matches);
  const actions = matching(explain.actions).map(({ action }) => action);
  const resources = matching(explain.resources).map(({ resource }) => resource);
  const place = statement.sid() ?? String(statement.index());
  return actions.flatMap((action) =>
    (resources.length === 0 ? ["*"] : resources).map((resource) => ({
      owner,
      policy,
      statement: place,
      action,
      resource,
    })),
  );
}
