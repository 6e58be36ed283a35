import { type Catalogued, catalogueArns, martsCatalogue, prodCatalogues } from "./analytics-catalog.ts";
import { key } from "./encryption.ts";
import { account, arn, named, settings } from "./lib/identity.ts";
import type { Grant } from "./lib/policy.ts";
import { queryResults } from "./storage.ts";

/** A workgroup whose queries' results go to our bucket, sealed with our key, whatever the caller says. */
const workgroupOf = (
  name: string,
  physicalName: string,
  description: string,
  maxScannedBytes = settings.prod.maxScannedBytes,
) =>
  new aws.athena.Workgroup(name, {
    name: named(physicalName),
    description,
    forceDestroy: !settings.protect,
    configuration: {
      enforceWorkgroupConfiguration: true,
      publishCloudwatchMetricsEnabled: true,
      bytesScannedCutoffPerQuery: maxScannedBytes,
      engineVersion: { selectedEngineVersion: "Athena engine version 3" },
      resultConfiguration: {
        outputLocation: $interpolate`s3://${queryResults.name}/results/`,
        expectedBucketOwner: account,
        encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn: key.arn },
      },
    },
  });

/** Where queries over the marts and reports run: what one may read is limited, and its history is what patterns are told of. */
export const workgroup = workgroupOf(
  "AnalyticsWorkgroup",
  "analytics",
  "Queries over the marts and the five systems' reports",
);

/** Where builds are counted: what nobody asked is to stand in no history of what is asked. */
export const checks = workgroupOf("ChecksWorkgroup", "checks", "Counts of builds before queries find them");

/** Where features are computed: of all interactions that there are. */
export const featureQueries = workgroupOf(
  "FeaturesWorkgroup",
  "features",
  "Features of users, products and interactions",
  settings.features.maxScannedBytes,
);

const arnOf = ({ name }: aws.athena.Workgroup) => arn("athena", $interpolate`workgroup/${name}`);
export const workgroupArn = arnOf(workgroup);
export const checksArn = arnOf(checks);

const catalogues = [martsCatalogue, ...Object.values(prodCatalogues)];

/** What of a bucket queries read: all of it, or these folders. */
type Queried = Pick<Catalogued, "database" | "bucket"> & { readonly folders?: readonly string[] };

/**
 * What a query needs beside Athena's own actions: Athena reads the catalogue, the data and writes the result with the
 * rights of whoever asks. Source: https://docs.aws.amazon.com/athena/latest/ug/security-iam-athena.html
 */
export const queryGrants = (of: readonly Queried[] = catalogues): readonly Grant[] => [
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
  {
    actions: ["s3:GetObject"],
    resources: of.flatMap(({ bucket, folders = [""] }) =>
      folders.map((folder) => $interpolate`${bucket.arn}/${folder}*`),
    ),
  },
  {
    actions: ["s3:GetBucketLocation", "s3:ListBucket"],
    resources: [...of.map(({ bucket }) => bucket.arn), queryResults.arn],
  },
  {
    actions: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"],
    resources: [$interpolate`${queryResults.arn}/results/*`],
  },
];
