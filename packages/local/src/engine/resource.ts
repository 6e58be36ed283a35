/** How Step Functions waits for an integration's answer. */
export type IntegrationPattern = "response" | "sync" | "sync2" | "callback";

/** What a Task's `Resource` names. */
export type TaskTarget =
  | { readonly kind: "lambda"; readonly functionArn: string }
  | {
      readonly kind: "integration";
      /** `glue`, or `aws-sdk:s3`: as in the history's `resourceType`. */
      readonly resourceType: string;
      /** `startJobRun.sync`: as in the history's `resource`. */
      readonly resource: string;
      /** `s3` for `aws-sdk:s3`. */
      readonly service: string;
      /** `startJobRun`. */
      readonly action: string;
      /** True for `aws-sdk:…`, whose errors are named differently from the optimised integration's. */
      readonly sdk: boolean;
      readonly pattern: IntegrationPattern;
    };

const lambdaArn = /^arn:[^:]+:lambda:[^:]*:[^:]*:function:[^:]+(:[^:]+)?$/;
const integrationArn =
  /^arn:[^:]+:states:[^:]*:[^:]*:((aws-sdk:)?([^:]+)):([^:.]+)(\.sync:2|\.sync|\.waitForTaskToken)?$/;

const patterns: Readonly<Record<string, IntegrationPattern>> = {
  ".sync": "sync",
  ".sync:2": "sync2",
  ".waitForTaskToken": "callback",
};

/** Reads a `Resource`; undefined when it is none that can be run (an activity, a malformed ARN). */
export function parseResource(resource: string): TaskTarget | undefined {
  if (lambdaArn.test(resource)) return { kind: "lambda", functionArn: resource };
  const match = integrationArn.exec(resource);
  if (match === null) return undefined;
  const [, resourceType = "", sdk, service = "", action = "", suffix = ""] = match;
  if (service === "activity") return undefined;
  return {
    kind: "integration",
    resourceType,
    resource: `${action}${suffix}`,
    service,
    action,
    sdk: sdk !== undefined,
    pattern: patterns[suffix] ?? "response",
  };
}
