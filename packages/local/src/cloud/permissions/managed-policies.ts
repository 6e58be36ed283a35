import type { PolicyDocument } from "./policy-document.ts";

/** A policy of AWS's own, as it stood at one of its versions. */
export interface ManagedPolicy {
  readonly version: string;
  readonly source: string;
  readonly document: PolicyDocument;
}

/**
 * The managed policies that a program may attach, by ARN. AWS publishes them on the pages named; they change rarely and
 * only by a new version, so each is written down here with the one it was copied at.
 */
export const managedPolicies: Readonly<Record<string, ManagedPolicy>> = {
  // What sst.aws.Function attaches to a role unless it is told not to.
  "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole": {
    version: "v1",
    source:
      "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaBasicExecutionRole.html",
    document: {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: "*",
        },
      ],
    },
  },
};
