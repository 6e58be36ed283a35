import { account, arn, named, settings } from "./lib/identity.ts";
import type { Grant } from "./lib/policy.ts";

// Written out instead of `kms:*`. The account's own principals get no use of the key from this: it lets IAM policies
// grant it, and without the administration actions the key could never be changed or deleted again.
const administration = [
  "kms:CancelKeyDeletion",
  "kms:CreateAlias",
  "kms:CreateGrant",
  "kms:DeleteAlias",
  "kms:DescribeKey",
  "kms:DisableKey",
  "kms:DisableKeyRotation",
  "kms:EnableKey",
  "kms:EnableKeyRotation",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListGrants",
  "kms:ListKeyPolicies",
  "kms:ListKeyRotations",
  "kms:ListResourceTags",
  "kms:PutKeyPolicy",
  "kms:RevokeGrant",
  "kms:RotateKeyOnDemand",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:UpdateAlias",
  "kms:UpdateKeyDescription",
];
const use = [
  "kms:Decrypt",
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
];

/**
 * On behalf of this account's distributions. Not of one by its name: the distribution needs the bucket, and the bucket's
 * policy and key come before it.
 */
export const ofDistributions = {
  test: "StringLike",
  variable: "aws:SourceArn",
  values: [$interpolate`arn:aws:cloudfront::${account}:distribution/*`],
};

/**
 * One key for everything at rest: buckets, tables, queues, topics, logs. The key policy admits the services that write
 * with no role of ours: EventBridge to the dead-letter queues, CloudWatch to the topics of its alarms, SNS to queues,
 * and CloudWatch Logs; and CloudFront, which reads with none. `*` as resource in a key policy means this key.
 */
const keyPolicy = aws.iam.getPolicyDocumentOutput({
  statements: [
    {
      sid: "AccountThroughIam",
      principals: [{ type: "AWS", identifiers: [$interpolate`arn:aws:iam::${account}:root`] }],
      actions: [...administration, ...use],
      resources: ["*"],
    },
    {
      sid: "ServicesThatDeliver",
      principals: [
        {
          type: "Service",
          identifiers: ["cloudwatch.amazonaws.com", "events.amazonaws.com", "sns.amazonaws.com"],
        },
      ],
      actions: ["kms:Decrypt", "kms:GenerateDataKey"],
      resources: ["*"],
      conditions: [{ test: "StringEquals", variable: "aws:SourceAccount", values: [account] }],
    },
    {
      sid: "LogGroupsOfThisAccount",
      principals: [{ type: "Service", identifiers: [`logs.${settings.region}.amazonaws.com`] }],
      actions: [...use, "kms:DescribeKey"],
      resources: ["*"],
      conditions: [
        {
          test: "ArnLike",
          variable: "kms:EncryptionContext:aws:logs:arn",
          values: [arn("logs", "log-group:*")],
        },
      ],
    },
    {
      sid: "CloudFrontOfThisAccount",
      principals: [{ type: "Service", identifiers: ["cloudfront.amazonaws.com"] }],
      actions: ["kms:Decrypt"],
      resources: ["*"],
      conditions: [ofDistributions],
    },
  ],
}).json;

export const key = new aws.kms.Key(
  "DataKey",
  {
    description: `What ${$app.name} keeps at rest in stage ${$app.stage}`,
    enableKeyRotation: true,
    deletionWindowInDays: 30,
    policy: keyPolicy,
  },
  // SST retains buckets and tables when the stage says so, but not the key: without it what is retained is unreadable.
  { retainOnDelete: settings.removal === "retain" },
);

export const keyAlias = new aws.kms.Alias("DataKeyAlias", {
  name: `alias/${named("data")}`,
  targetKeyId: key.keyId,
});

/**
 * What a role needs of the key, by the service on whose behalf. S3 reads back the parts of an upload in parts. Who sends or publishes needs both: the services verify
 * the data key that they get. DynamoDB opens the table's key with the caller's rights and makes it with its own.
 */
const needs = {
  dynamodb: ["kms:Decrypt"],
  "kinesis read": ["kms:Decrypt"],
  "kinesis write": ["kms:GenerateDataKey"],
  // It reads the picture in the caller's name.
  "rekognition read": ["kms:Decrypt"],
  s3: ["kms:Decrypt", "kms:GenerateDataKey"],
  "s3 read": ["kms:Decrypt"],
  "s3 write": ["kms:GenerateDataKey"],
  sns: ["kms:Decrypt", "kms:GenerateDataKey"],
  sqs: ["kms:Decrypt", "kms:GenerateDataKey"],
  "sqs read": ["kms:Decrypt"],
} as const;

export type EncryptedService = keyof typeof needs;

/** Use of the key by way of these services only; never directly. */
export function keyThrough(...services: readonly EncryptedService[]): Grant {
  const names = services.map((service) => service.split(" ", 1).join());
  return {
    actions: [...new Set(services.flatMap((service) => needs[service]))].sort(),
    resources: [key.arn],
    conditions: [
      {
        test: "StringEquals",
        variable: "kms:ViaService",
        values: [...new Set(names)].sort().map((name) => `${name}.${settings.region}.amazonaws.com`),
      },
    ],
  };
}
