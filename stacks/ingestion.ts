import { key, keyThrough } from "./encryption.ts";
import { account, arn, named, settings } from "./lib/identity.ts";
import { type Grant, roleFor } from "./lib/policy.ts";
import { interactions } from "./storage.ts";

/**
 * Interactions as they happen. SST's own component sets neither our key nor who may read, so it is the resource itself.
 * On demand: it takes what comes, and nobody counts shards.
 */
export const interactionStream = new aws.kinesis.Stream("InteractionStream", {
  name: named("interactions"),
  streamModeDetails: { streamMode: "ON_DEMAND" },
  retentionPeriod: settings.features.stream.hours,
  encryptionType: "KMS",
  kmsKeyId: key.arn,
});

/** What whoever sends interactions needs: the service seals each record with a data key that it asks for in the sender's name. */
export const sendInteractions: readonly Grant[] = [
  { actions: ["kinesis:PutRecords"], resources: [interactionStream.arn] },
  keyThrough("kinesis write"),
];

const name = named("interactions");
const logs = new aws.cloudwatch.LogGroup("InteractionDeliveryLogs", {
  name: `/aws/kinesisfirehose/${name}`,
  retentionInDays: settings.retention.logDays,
  kmsKeyId: key.arn,
});
const logStream = new aws.cloudwatch.LogStream("InteractionDeliveryLog", {
  name: "S3Delivery",
  logGroupName: logs.name,
});

/** Source: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html */
const role = roleFor("InteractionDeliveryRole", "firehose", {
  account,
  source: arn("firehose", `deliverystream/${name}`),
  physicalName: named("interactions-delivery"),
  grants: [
    {
      actions: [
        "kinesis:DescribeStream",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
      ],
      resources: [interactionStream.arn],
    },
    {
      actions: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
      resources: ["interactions", "undeliverable"].map(
        (folder) => $interpolate`${interactions.arn}/${folder}/*`,
      ),
    },
    {
      actions: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
      resources: [interactions.arn],
    },
    { actions: ["logs:PutLogEvents"], resources: [$interpolate`${logs.arn}:*`] },
    keyThrough("kinesis read"),
    keyThrough("s3"),
  ],
});

/**
 * Stream to objects, a line an interaction, each in the folder of the day on which it happened and not on which it came.
 * The day is cut out of the event's `timestamp`, which who sends has put into UTC; what is no JSON or has none goes to
 * `undeliverable/`.
 */
export const interactionDelivery = new aws.kinesis.FirehoseDeliveryStream("InteractionDelivery", {
  name,
  destination: "extended_s3",
  kinesisSourceConfiguration: { kinesisStreamArn: interactionStream.arn, roleArn: role.arn },
  extendedS3Configuration: {
    roleArn: role.arn,
    bucketArn: interactions.arn,
    kmsKeyArn: key.arn,
    compressionFormat: "GZIP",
    fileExtension: ".jsonl.gz",
    prefix:
      "interactions/year=!{partitionKeyFromQuery:year}/month=!{partitionKeyFromQuery:month}/day=!{partitionKeyFromQuery:day}/",
    errorOutputPrefix: "undeliverable/!{firehose:error-output-type}/!{timestamp:yyyy-MM-dd}/",
    bufferingInterval: settings.features.stream.bufferSeconds,
    bufferingSize: settings.features.stream.bufferMb,
    dynamicPartitioningConfiguration: { enabled: true, retryDuration: 300 },
    processingConfiguration: {
      enabled: true,
      processors: [
        {
          type: "MetadataExtraction",
          parameters: [
            { parameterName: "JsonParsingEngine", parameterValue: "JQ-1.6" },
            {
              parameterName: "MetadataExtractionQuery",
              parameterValue: "{year: .timestamp[0:4], month: .timestamp[5:7], day: .timestamp[8:10]}",
            },
          ],
        },
        {
          type: "AppendDelimiterToRecord",
          parameters: [{ parameterName: "Delimiter", parameterValue: "\\n" }],
        },
      ],
    },
    cloudwatchLoggingOptions: { enabled: true, logGroupName: logs.name, logStreamName: logStream.name },
  },
});
