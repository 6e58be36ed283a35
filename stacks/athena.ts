import { catalogueArns, martsCatalogue, prodCatalogues } from "./analytics-catalog.ts";
import { key } from "./encryption.ts";
import { account, arn, named, settings } from "./lib/identity.ts";
import type { Grant } from "./lib/policy.ts";
import { queryResults } from "./storage.ts";

/**
 * Where queries over the marts and reports run: what one may read is limited, its result goes to our bucket, sealed with
 * our key, whatever the caller says.
 */
export const workgroup = new aws.athena.Workgroup("AnalyticsWorkgroup", {
  name: named("analytics"),
  description: "Queries over the marts and the five systems' reports",
  forceDestroy: !settings.protect,
  configuration: {
    enforceWorkgroupConfiguration: true,
    publishCloudwatchMetricsEnabled: true,
    bytesScannedCutoffPerQuery: settings.prod.maxScannedBytes,
    engineVersion: { selectedEngineVersion: "Athena engine version 3" },
    resultConfiguration: {
      outputLocation: $interpolate`s3://${queryResults.name}/results/`,
      expectedBucketOwner: account,
      encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn: key.arn },
    },
  },
});

export const workgroupArn = arn("athena", $interpolate`workgroup/${workgroup.name}`);

const catalogues = [martsCatalogue, ...Object.values(prodCatalogues)];

/**
 * What a query needs beside Athena's own actions: Athena reads the catalogue, the data and writes the result with the
 * rights of whoever asks. Source: https://docs.aws.amazon.com/athena/latest/ug/security-iam-athena.html
 */
export const queryGrants = (of = catalogues): readonly Grant[] => [
  // Athena looks up its own catalogue by name, and the database that every account has.
  { actions: ["athena:GetDataCatalog"], resources: [arn("athena", "datacatalog/AwsDataCatalog")] },
  { actions: ["glue:GetDatabase"], resources: [arn("glue", "database/default")] },
  {
    actions: [
      "glue:BatchGetPartition",
      "glue:GetDatabase",
      "glue:GetPartition",
      "glue:GetPartitions",
      "glue:GetTable",
    ],
    resources: [arn("glue", "catalog"), ...of.flatMap(({ database }) => catalogueArns(database).slice(1))],
  },
  { actions: ["s3:GetObject"], resources: of.map(({ bucket }) => $interpolate`${bucket.arn}/*`) },
  {
    actions: ["s3:GetBucketLocation", "s3:ListBucket"],
    resources: [...of.map(({ bucket }) => bucket.arn), queryResults.arn],
  },
  {
    actions: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"],
    resources: [$interpolate`${queryResults.arn}/results/*`],
  },
];
