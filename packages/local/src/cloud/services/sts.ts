import { answerXml } from "../gateway/answer.ts";
import { NotImplemented } from "../gateway/aws-error.ts";
import type { Caller, Service } from "../gateway/call.ts";
import { readBody } from "../gateway/request-body.ts";
import { principalOf } from "../permissions/principal.ts";

/** The caller's ARN as STS tells it: the assumed role, the service, or the account's root for the operator. */
export function callerArn(caller: Caller, account: string): string {
  return principalOf(caller, account)?.name ?? `arn:aws:iam::${account}:root`;
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
