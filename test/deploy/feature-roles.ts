const READ = ["s3:GetObject"];
const LIST = ["s3:ListBucket"];
const PUT = ["s3:PutObject"];
const UPLOAD = ["s3:AbortMultipartUpload", "s3:PutObject"];
const START = ["states:StartExecution"];

const tasks = [
  "AcceptFeatures",
  "CatalogueCandidate",
  "CheckArrivals",
  "CheckParity",
  "JudgeValidation",
  "LandInteractions",
  "PlanFeatures",
  "ProfileFeatures",
  "PublishOnline",
  "SyncCatalogue",
];

/** Actions on the catalogue of features: on its tables, and so on their database and the catalogue. */
const catalogue = (...actions: string[]): Record<string, string[]> => {
  const all = actions.map((action) => `glue:${action}`);
  return { catalog: all, "database/penstock_local_features": all, "table/penstock_local_features/*": all };
};
const register = catalogue("BatchCreatePartition", "BatchDeletePartition", "GetPartitions", "GetTable");
const online = (...actions: string[]): Record<string, string[]> => {
  const all = actions.map((action) => `dynamodb:${action}`);
  return { "table/user_features": all, "table/item_features": all };
};
const scheduled = { "stateMachine:feature-pipeline": START, undelivered: ["sqs:SendMessage"] };

/** What each role of the feature pipeline may do, by resource. */
export const featureRoles: Readonly<Record<string, Record<string, string[]>>> = {
  SyncCatalogueRole: {
    "curated/*": READ,
    curated: LIST,
    interactionsdata: LIST,
    "interactionsdata/products/*": UPLOAD,
    "interactionsdata/users/*": UPLOAD,
    "featuresdata/catalogue_digests/*": PUT,
    featuresdata: LIST,
  },
  PlanFeaturesRole: {
    interactionsdata: LIST,
    featuresdata: LIST,
    "featuresdata/_manifests/*": READ,
    "featuresdata/plans/*": PUT,
    "table/Builds": ["dynamodb:GetItem"],
  },
  EstimateBackfillRole: {
    interactionsdata: LIST,
    featuresdata: LIST,
    "featuresdata/_manifests/*": READ,
    "featuresdata/landed/*": READ,
    "table/Builds": ["dynamodb:GetItem"],
  },
  UndeliverableRole: {
    "interactionsdata/undeliverable/*": [
      "s3:AbortMultipartUpload",
      "s3:DeleteObject",
      "s3:GetObject",
      "s3:PutObject",
    ],
    "interactionsdata/interactions/*": UPLOAD,
    interactionsdata: LIST,
  },
  CheckArrivalsRole: { "featuresdata/plans/*": READ, featuresdata: LIST },
  LandInteractionsRole: {
    "interactionsdata/interactions/*": READ,
    interactionsdata: LIST,
    "featuresdata/plans/*": READ,
    "featuresdata/landed/*": UPLOAD,
    "featuresdata/quarantine/*": UPLOAD,
    featuresdata: LIST,
  },
  JudgeValidationRole: {
    "interactionsdata/products/*": READ,
    "interactionsdata/users/*": READ,
    interactionsdata: LIST,
    "featuresdata/landed/*": READ,
    "featuresdata/plans/*": ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
    "featuresdata/validation_reports/*": PUT,
    "featuresdata/quarantine/products/*": UPLOAD,
    "featuresdata/quarantine/users/*": UPLOAD,
    "featuresdata/catalogue_digests/*": PUT,
    featuresdata: LIST,
  },
  CatalogueCandidateRole: {
    "featuresdata/plans/*": ["s3:GetObject", "s3:PutObject"],
    "featuresdata/_manifests/*": READ,
    "featuresdata/validation_reports/*": READ,
    featuresdata: LIST,
    ...register,
  },
  ProfileFeaturesRole: {
    "featuresdata/plans/*": READ,
    "featuresdata/_manifests/*": READ,
    "featuresdata/clean/*": READ,
    "featuresdata/features/*": READ,
    "featuresdata/profiles/*": PUT,
    featuresdata: LIST,
    ...register,
  },
  PublishOnlineRole: {
    "featuresdata/plans/*": READ,
    "featuresdata/features/*": READ,
    "featuresdata/profiles/*": READ,
    featuresdata: LIST,
    ...online("BatchGetItem", "BatchWriteItem"),
    "table/Locks": ["dynamodb:PutItem"],
  },
  CheckParityRole: {
    "featuresdata/plans/*": READ,
    "featuresdata/features/*": READ,
    "featuresdata/profiles/*": READ,
    featuresdata: LIST,
    ...online("BatchGetItem"),
  },
  AcceptFeaturesRole: {
    "featuresdata/plans/*": READ,
    "featuresdata/features/*": READ,
    "featuresdata/profiles/*": READ,
    "featuresdata/validation_reports/*": READ,
    "featuresdata/_manifests/*": ["s3:GetObject", "s3:PutObject"],
    "featuresdata/training/*": ["s3:GetObject", "s3:PutObject"],
    "featuresdata/exports/*": UPLOAD,
    featuresdata: LIST,
    ...catalogue("BatchCreatePartition", "BatchDeletePartition", "GetPartitions", "GetTable", "UpdateTable"),
    "table/Builds": ["dynamodb:GetItem", "dynamodb:PutItem"],
    "table/Locks": ["dynamodb:DeleteItem"],
  },
  FeaturePipelineRole: {
    ...Object.fromEntries(tasks.map((task) => [task, ["lambda:InvokeFunction"]])),
    "job/run-plan": ["glue:BatchStopJobRun", "glue:GetJobRun", "glue:GetJobRuns", "glue:StartJobRun"],
    "table/Runs": ["dynamodb:UpdateItem"],
    "table/Locks": ["dynamodb:DeleteItem", "dynamodb:UpdateItem"],
    "data-engineering": ["sns:Publish"],
    // Children of its Distributed Map are executions of itself.
    "stateMachine:feature-pipeline": START,
    "execution:feature-pipeline:*": ["states:DescribeExecution", "states:StopExecution"],
    "execution:feature-pipeline/Publish:*": ["states:RedriveExecution"],
    "workgroup/features": [
      "athena:GetQueryExecution",
      "athena:StartQueryExecution",
      "athena:StopQueryExecution",
    ],
    "datacatalog/AwsDataCatalog": ["athena:GetDataCatalog"],
    "database/default": ["glue:GetDatabase"],
    ...catalogue("BatchGetPartition", "GetDatabase", "GetPartition", "GetPartitions", "GetTable"),
    "featuresdata/clean/*": READ,
    "featuresdata/features/*": [
      "s3:AbortMultipartUpload",
      "s3:GetObject",
      "s3:ListMultipartUploadParts",
      "s3:PutObject",
    ],
    "featuresdata/training/*": ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"],
    "featuresdata/profiles/*": READ,
    featuresdata: ["s3:GetBucketLocation", "s3:ListBucket"],
    queryresults: ["s3:GetBucketLocation", "s3:ListBucket"],
    "queryresults/results/*": [
      "s3:AbortMultipartUpload",
      "s3:GetObject",
      "s3:ListMultipartUploadParts",
      "s3:PutObject",
    ],
  },
  FeaturesDailyRole: scheduled,
  FeaturesWeeklyRole: scheduled,
  InteractionDeliveryRole: {
    "stream/interactions": [
      "kinesis:DescribeStream",
      "kinesis:GetRecords",
      "kinesis:GetShardIterator",
      "kinesis:ListShards",
    ],
    "interactionsdata/interactions/*": ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
    "interactionsdata/undeliverable/*": ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
    interactionsdata: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
  },
};
