import type { RequestAnalysis } from "@cloud-copilot/iam-simulate";
import type { Demand } from "./demand.ts";

/** Why a demand is refused, in the words of IAM: which kind of policy, and whether it forbids or only does not allow. */
export interface Reason {
  readonly policy: "identity-based policy" | "resource-based policy" | "permissions boundary";
  readonly explicit: boolean;
}

/** A demand that the policies refuse. */
export interface Refusal {
  /** The principal's ARN, or a service's name. */
  readonly principal: string;
  readonly demand: Demand;
  readonly reason: Reason;
}

/** How a service spells an action and a resource in its messages. */
interface Spelling {
  readonly action?: (action: string) => string;
  readonly resource?: (resource: string) => string;
}

const spellings: Readonly<Record<string, Spelling>> = {
  s3: { resource: (resource) => `"${resource}"` },
  sns: { action: (action) => action.replace(/^sns:/, "SNS:") },
  sqs: { action: (action) => action.toLowerCase() },
};

/**
 * IAM's message of a refused request. Source of the two forms:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html; how S3, SNS and SQS spell what they
 * name in it is seen in their answers.
 */
export function refusalMessage({ principal, demand, reason }: Refusal): string {
  const { action: spell, resource: quote } = spellings[demand.action.split(":", 1).join()] ?? {};
  const action = spell?.(demand.action) ?? demand.action;
  const resource = quote?.(demand.resource) ?? demand.resource;
  const article = reason.policy === "identity-based policy" ? "an" : "a";
  const because = reason.explicit
    ? `with an explicit deny in ${article} ${reason.policy}`
    : `because no ${reason.policy} allows the ${action} action`;
  return `User: ${principal} is not authorized to perform: ${action} on resource: ${resource} ${because}`;
}

/**
 * Which kind of policy IAM names: of several that refuse, one. A key whose own policy leaves nothing to the account's
 * policies, and a service that has no policies at all, are told of the resource's.
 */
export function reasonOf(analysis: RequestAnalysis, explicit: boolean): Reason {
  const { identityAnalysis, resourceAnalysis, permissionBoundaryAnalysis, blockedBy = [] } = analysis;
  if (explicit) {
    if (identityAnalysis?.result === "ExplicitlyDenied") return { policy: "identity-based policy", explicit };
    const bounded = permissionBoundaryAnalysis?.result === "ExplicitlyDenied";
    return { policy: bounded ? "permissions boundary" : "resource-based policy", explicit };
  }
  if (blockedBy.includes("pb")) return { policy: "permissions boundary", explicit };
  const allowedByIdentity = identityAnalysis?.result === "Allowed";
  const byItself = allowedByIdentity || !analysis.sameAccount;
  const closedKey = resourceAnalysis?.result === "ImplicitlyDenied" && allowedByIdentity;
  return { policy: byItself || closedKey ? "resource-based policy" : "identity-based policy", explicit };
}
