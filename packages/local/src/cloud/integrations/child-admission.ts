import { type Services, TaskFailure } from "../../engine/index.ts";
import type { Permissions } from "../permissions/index.ts";
import { principalOf } from "../permissions/principal.ts";
import { refusalMessage } from "../permissions/refusal.ts";

/**
 * Whether a machine's role may begin the child executions of a Distributed Map. They do not come through the gateway,
 * as they begin inside of Step Functions, but AWS asks the role all the same.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
 */
export function childAdmission(permissions: Permissions, account: string): Services["admitChildren"] {
  return async ({ action, resource, execution }) => {
    const [session = ""] = execution.machineName.split("/");
    const principal = principalOf({ accessKeyId: "", role: execution.roleArn, session }, account);
    const refused =
      principal && (await permissions.refusal(principal, { action: `states:${action}`, resource }));
    if (refused === undefined) return;
    throw new TaskFailure("StepFunctions.AccessDeniedException", refusalMessage(refused));
  };
}
