import { type Place, regionalArn } from "./demand.ts";
import type { Permissions } from "./permissions.ts";
import { principalOf } from "./principal.ts";
import { refusalMessage } from "./refusal.ts";

/** The rule of AWS's by which Step Functions hears that an execution has ended that another waits for. */
const RULE = "rule/StepFunctionsGetEventsForStepFunctionsExecutionRule";

interface NewMachine {
  readonly name: string;
  readonly roleArn: string;
  /** ASL, as JSON text. */
  readonly definition: string;
}

/**
 * Why Step Functions would not take a machine that waits for executions: its role must be allowed to keep a rule of
 * AWS's, which is asked when the machine is made. Nothing for a machine that waits for none.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
 */
export async function managedRuleRefusal(
  permissions: Permissions,
  { name, roleArn, definition }: NewMachine,
  place: Place,
): Promise<string | undefined> {
  if (!/:states:startExecution\.sync(:2)?"/.test(definition)) return undefined;
  const principal = principalOf({ accessKeyId: "", role: roleArn, session: name }, place.account);
  if (principal === undefined) return undefined;
  for (const action of ["events:PutTargets", "events:PutRule", "events:DescribeRule"]) {
    const refused = await permissions.refusal(principal, {
      action,
      resource: regionalArn(place, "events", RULE),
    });
    if (refused !== undefined) {
      return `'${roleArn}' is not authorized to create managed-rule: ${refusalMessage(refused)}`;
    }
  }
  return undefined;
}
