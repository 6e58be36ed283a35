import type { Caller } from "../gateway/call.ts";
import type { Context } from "./demand.ts";

/** A caller as policies see it. */
export interface Principal {
  /** ARN of the role's session, or the name of an AWS service. */
  readonly name: string;
  /** The role whose policies count. None for a service: only what the resource's own policy says. */
  readonly role: string | undefined;
  readonly context: Context;
}

/**
 * Who calls, in IAM's terms; nothing for the operator, who may do everything.
 *
 * `aws:SecureTransport` is true: what reaches the gateway stands for what reaches AWS's endpoints over TLS, and the hop
 * before it never leaves the machine. A TLS-only policy is evaluated like any other, and has nothing to refuse here.
 */
export function principalOf(caller: Caller, account: string): Principal | undefined {
  const shared = { "aws:SecureTransport": "true", "aws:ResourceAccount": account };
  if (caller.role !== undefined) {
    const name = caller.role.slice(caller.role.lastIndexOf("/") + 1);
    return {
      name: `arn:aws:sts::${account}:assumed-role/${name}/${caller.session ?? "local"}`,
      role: caller.role,
      context: {
        ...shared,
        "aws:PrincipalAccount": account,
        "aws:PrincipalArn": caller.role,
        "aws:PrincipalIsAWSService": "false",
        "aws:PrincipalType": "AssumedRole",
      },
    };
  }
  if (caller.service === undefined) return undefined;
  return {
    name: caller.service.name,
    role: undefined,
    context: {
      ...shared,
      "aws:PrincipalIsAWSService": "true",
      "aws:PrincipalServiceName": caller.service.name,
      "aws:SourceAccount": account,
      "aws:SourceArn": caller.service.sourceArn,
    },
  };
}
