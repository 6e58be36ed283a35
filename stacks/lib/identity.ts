import { settingsFor } from "../settings.ts";

/** The settings of the stage that is being deployed. */
export const settings = settingsFor($app.stage);

/** Every resource that is named by us is named like this, so that ARNs are known before the resources are. */
export function named(name: string): string {
  return `${$app.name}-${$app.stage}-${name}`;
}

const account = aws.getCallerIdentityOutput().accountId;

/** `arn:aws:<service>:<region>:<account>:<resource>` in this stage's account. */
export function arn(service: string, resource: $util.Input<string>): $util.Output<string> {
  return $interpolate`arn:aws:${service}:${settings.region}:${account}:${resource}`;
}

export { account };
