import { answerXml } from "../gateway/answer.ts";
import { NotImplemented } from "../gateway/aws-error.ts";
import type { Caller, Service } from "../gateway/call.ts";
import { readBody } from "../gateway/request-body.ts";

/** The caller's ARN as STS tells it: the assumed role, or the account's root for the operator. */
export function callerArn(caller: Caller, account: string): string {
  if (caller.role === undefined) return `arn:aws:iam::${account}:root`;
  const role = caller.role.slice(caller.role.indexOf("/") + 1);
  return `arn:aws:sts::${account}:assumed-role/${role}/${caller.session ?? "local"}`;
}

/** STS, as far as asking who one is. */
export function stsService(account: string): Service {
  return {
    protocol: "query",
    async handle(call) {
      const action =
        new URLSearchParams((await readBody(call.request, 64 * 1024)).toString()).get("Action") ?? "";
      if (action !== "GetCallerIdentity") throw new NotImplemented("sts", action);
      const arn = callerArn(call.caller, account);
      const identity = `<Arn>${arn}</Arn><UserId>${call.caller.accessKeyId}</UserId><Account>${account}</Account>`;
      answerXml(
        call,
        200,
        `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>${identity}` +
          `</GetCallerIdentityResult><ResponseMetadata><RequestId>${call.requestId}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
      );
    },
  };
}
