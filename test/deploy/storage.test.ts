import { describe, expect, it } from "vitest";
import { resourcesOf } from "../../packages/local/src/render/index.ts";
import { settingsFor } from "../../stacks/settings.ts";
import { graph, production, resource, statements } from "./rendered.ts";

const buckets = resourcesOf(graph, "aws:s3/bucket:Bucket").map(({ name, id }) => ({ name, id }));
const key = resource(graph, "DataKey").state.arn;

/** What is attached to a bucket under a type; every bucket has exactly one of it. */
function attached(bucket: string, type: string) {
  const found = resourcesOf(graph, type).filter(({ inputs }) => inputs.bucket === bucket);
  expect(found, `${type} of ${bucket}`).toHaveLength(1);
  return found[0]?.inputs;
}

it("there are the six buckets of the lake, one of the marts, one of each system, two of features, two of people, two of pictures, one of query results", () => {
  const names = [
    ...["Artifacts", "Audit", "Curated", "Pending", "Quarantine", "Raw"],
    ...["MartsData", "QueryResults"],
    ...["ComplianceGuardianData", "DemandInsightsEngineData", "GlobalMarketPulseData"],
    ...["MarketIntelligenceHubData", "RetailCopilotData"],
    ...["InteractionsData", "FeaturesData", "DnaData", "DnaWork", "Uploads", "GeneratedAssets"],
  ];
  expect(buckets.map(({ name }) => name)).toEqual(names.map((name) => `${name}Bucket`).sort());
});

/** What a bucket's policy allows somebody; of all others nothing is read but by roles of ours. */
const readers: Readonly<Record<string, (id: string) => object>> = {
  GeneratedAssetsBucket: (id) => ({
    Effect: "Allow",
    Principal: { Service: ["cloudfront.amazonaws.com"] },
    Action: ["s3:GetObject"],
    Resource: [`arn:aws:s3:::${id}/generated/*`],
    Condition: { StringLike: { "aws:SourceArn": ["arn:aws:cloudfront::000000000000:distribution/*"] } },
  }),
};

describe.each(buckets)("$name", ({ id, name }) => {
  it("blocks public access in all four ways and belongs to this account alone", () => {
    expect(attached(id, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")).toEqual({
      bucket: id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(attached(id, "aws:s3/bucketOwnershipControls:BucketOwnershipControls")).toMatchObject({
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
  });

  it("is encrypted with our key, by way of a bucket key", () => {
    const encryption =
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
    expect(attached(id, encryption)).toMatchObject({
      rules: [
        {
          bucketKeyEnabled: true,
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key },
        },
      ],
    });
  });

  it("is reached over TLS only, and its policy allows nobody anything, but CloudFront the pictures that it serves", () => {
    const policy = attached(id, "aws:s3/bucketPolicy:BucketPolicy")?.policy;
    expect(statements(policy)).toEqual([
      {
        Effect: "Deny",
        Principal: "*",
        Action: ["s3:*"],
        Resource: [`arn:aws:s3:::${id}`, `arn:aws:s3:::${id}/*`],
        Condition: { Bool: { "aws:SecureTransport": ["false"] } },
      },
      ...[readers[name]?.(id) ?? []].flat(),
    ]);
  });

  it("aborts uploads that are never finished", () => {
    const lifecycle = attached(id, "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration");
    expect(lifecycle?.rules).toContainEqual({
      id: "unfinished-uploads",
      status: "Enabled",
      filter: { prefix: "" },
      abortIncompleteMultipartUpload: {
        daysAfterInitiation: settingsFor("local").retention.unfinishedUploadDays,
      },
    });
  });
});

it("raw exports move to Glacier after 90 days and are gone after two years", () => {
  expect(resource(graph, "RawLifecycle").inputs.rules).toContainEqual({
    id: "raw",
    status: "Enabled",
    filter: { prefix: "" },
    transitions: [{ days: 90, storageClass: "GLACIER" }],
    expiration: { days: 730 },
  });
});

it("interactions are read at once from Glacier after 90 days, and are gone after two years", () => {
  const rules = resource(graph, "InteractionsDataLifecycle").inputs.rules;

  expect(rules).toContainEqual({
    id: "interactions",
    status: "Enabled",
    filter: { prefix: "interactions/" },
    transitions: [{ days: 90, storageClass: "GLACIER_IR" }],
    expiration: { days: 730 },
  });
  for (const folder of ["products", "users", "undeliverable"]) {
    expect(rules).toContainEqual({
      id: folder,
      status: "Enabled",
      filter: { prefix: `${folder}/` },
      expiration: { days: 730 },
    });
  }
});

it.each([
  ...["landed", "clean", "features", "exports", "profiles", "validation_reports", "quarantine", "plans"].map(
    (folder) => [folder, 365] as const,
  ),
  ["catalogue_digests", 730],
  ["training", 180],
  ["inference_logs", 90],
] as const)("%s/ of the features go after %i days", (folder, days) => {
  expect(resource(graph, "FeaturesDataLifecycle").inputs.rules).toContainEqual({
    id: folder,
    status: "Enabled",
    filter: { prefix: `${folder}/` },
    expiration: { days },
  });
});

it("results of queries go after a week, questions after three months, and what prepared a build after two weeks", () => {
  const rules = (name: string) => resource(graph, `${name}Lifecycle`).inputs.rules;
  const expiring = (id: string, prefix: string, days: number) =>
    expect.objectContaining({ id, filter: { prefix }, expiration: { days } });

  expect(rules("QueryResults")).toContainEqual(expiring("results", "", 7));
  expect(rules("RetailCopilotData")).toContainEqual(expiring("questions", "_questions/", 90));
  expect(rules("Artifacts")).toContainEqual(expiring("attempts-refine", "refine/", 14));
  expect(rules("Artifacts")).toContainEqual(expiring("attempts-marts", "marts/", 14));
});

it("what people handed over stays until they are erased, and what reading it made goes after two weeks", () => {
  const rules = (name: string) => resource(graph, `${name}Lifecycle`).inputs.rules;
  const unfinished = expect.objectContaining({ id: "unfinished-uploads" });

  expect(rules("DnaData")).toEqual([unfinished]);
  expect(rules("DnaWork")).toEqual([
    unfinished,
    { id: "work", status: "Enabled", filter: { prefix: "" }, expiration: { days: 14 } },
  ]);
  // Of what is erased no version stays.
  for (const name of ["DnaData", "DnaWork"])
    expect(graph.resources.filter((each) => each.name === `${name}Versioning`)).toEqual([]);
});

it("what is rewritten in place keeps its old versions for a while", () => {
  for (const name of ["Curated", "Pending", "Audit"]) {
    expect(resource(graph, `${name}Versioning`).inputs.versioningConfiguration).toEqual({
      status: "Enabled",
    });
    expect(resource(graph, `${name}Lifecycle`).inputs.rules).toContainEqual(
      expect.objectContaining({ noncurrentVersionExpiration: { noncurrentDays: 30 } }),
    );
  }
});

it("S3 tells EventBridge of new objects where a rule listens, once per bucket, and nowhere else", () => {
  const notifications = resourcesOf(graph, "aws:s3/bucketNotification:BucketNotification").map(
    ({ inputs }) => inputs,
  );
  const listened = resourcesOf(graph, "aws:cloudwatch/eventRule:EventRule")
    .map(({ inputs }) => JSON.parse(String(inputs.eventPattern)))
    .filter(({ source }) => source.includes("aws.s3"))
    .flatMap(({ detail }) => detail.bucket.name);

  expect(notifications.sort((a, b) => String(a.bucket).localeCompare(String(b.bucket)))).toEqual(
    [...new Set(listened.sort())].map((bucket) => ({ bucket, eventbridge: true })),
  );
});

it("tables are encrypted with our key and can be restored to any second", () => {
  const tables = resourcesOf(graph, "aws:dynamodb/table:Table");
  expect(tables.map(({ name }) => name)).toEqual([
    "Builds",
    "CampaignCache",
    "DnaFiles",
    "Locks",
    "People",
    "RateLimits",
    "Runs",
    "generated_images",
    "item_features",
    "products",
    "user_features",
  ]);
  for (const { inputs } of tables) {
    expect(inputs).toMatchObject({
      billingMode: "PAY_PER_REQUEST",
      serverSideEncryption: { enabled: true, kmsKeyArn: key },
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: false,
    });
  }
  expect(resource(graph, "Locks").inputs.ttl).toEqual({ enabled: true, attributeName: "until" });
  for (const name of ["item_features", "user_features"])
    expect(resource(graph, name).inputs.ttl).toEqual({ enabled: true, attributeName: "expires_at" });
});

it("queues, topics and logs are encrypted with our key", () => {
  const { keyId } = resource(graph, "DataKey").state;
  for (const { name, inputs } of resourcesOf(graph, "aws:sqs/queue:Queue")) {
    expect(inputs.kmsMasterKeyId, name).toBe(keyId);
  }
  for (const { name, inputs } of resourcesOf(graph, "aws:sns/topic:Topic")) {
    expect(inputs.kmsMasterKeyId, name).toBe(keyId);
  }
  const logs = resourcesOf(graph, "aws:cloudwatch/logGroup:LogGroup");
  expect(logs.length).toBeGreaterThan(graph.functions.length);
  for (const { name, inputs } of logs) {
    expect(inputs, name).toMatchObject({ kmsKeyId: key, retentionInDays: 30 });
  }
});

describe("production", () => {
  it("keeps its tables and its objects from being deleted with the stage", () => {
    for (const { name, inputs } of resourcesOf(production, "aws:dynamodb/table:Table")) {
      expect(inputs.deletionProtectionEnabled, name).toBe(true);
    }
    for (const { name, inputs } of resourcesOf(production, "aws:s3/bucket:Bucket")) {
      expect(inputs.forceDestroy, name).toBe(false);
    }
    expect(settingsFor("production")).toMatchObject({ removal: "retain", protect: true });
  });

  it("keeps its logs for a year", () => {
    for (const { name, inputs } of resourcesOf(production, "aws:cloudwatch/logGroup:LogGroup")) {
      expect(inputs.retentionInDays, name).toBe(365);
    }
  });
});
