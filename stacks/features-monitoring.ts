import { interactionDelivery, interactionStream } from "./ingestion.ts";
import { alarm } from "./lib/alarm.ts";
import { named, settings } from "./lib/identity.ts";
import { type Metric, ours, widget } from "./lib/widget.ts";
import { dataTopic, operationsTopic } from "./monitoring.ts";
import { interactions } from "./storage.ts";
import { featurePipeline } from "./workflows.ts";

const { silentHours } = settings.features.arrivals;

alarm("SilentInteractionsAlarm", {
  physicalName: "interactions-silent",
  description: `Nothing came into the stream of interactions for ${silentHours} hours`,
  namespace: "AWS/Kinesis",
  metricName: "IncomingRecords",
  dimensions: { StreamName: interactionStream.name },
  statistic: "Sum",
  period: silentHours * 3600,
  comparisonOperator: "LessThanThreshold",
  threshold: 1,
  // A stream into which nothing comes has no metric at all.
  treatMissingData: "breaching",
  topic: dataTopic.arn,
});

alarm("LateInteractionsAlarm", {
  physicalName: "interactions-late",
  description: "Interactions wait in the stream: the delivery to the bucket does not keep up, or is refused",
  namespace: "AWS/Firehose",
  metricName: "DeliveryToS3.DataFreshness",
  dimensions: { DeliveryStreamName: interactionDelivery.name },
  statistic: "Maximum",
  period: 300,
  evaluationPeriods: 3,
  // Half of what the stream keeps: then there is as much time left to mend it.
  threshold: (settings.features.stream.hours * 3600) / 2,
  topic: operationsTopic.arn,
});

alarm("InteractionPartitionsAlarm", {
  physicalName: "interactions-too-many-days",
  description:
    "Interactions of more days at once than Firehose keeps open: those of the others lie under undeliverable/ (penstock undeliverable)",
  namespace: "AWS/Firehose",
  // 1 while the limit is exceeded. Source: https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html
  metricName: "PartitionCountExceeded",
  dimensions: { DeliveryStreamName: interactionDelivery.name },
  statistic: "Maximum",
  period: 300,
  threshold: 0,
  topic: operationsTopic.arn,
});

// Firehose has no metric of what it puts aside, whatever the reason; the bucket counts what is written there.
const undeliverable = new aws.s3.BucketMetric("UndeliverableInteractions", {
  bucket: interactions.name,
  name: "undeliverable",
  filter: { prefix: "undeliverable/" },
});

alarm("UndeliverableInteractionsAlarm", {
  physicalName: "interactions-undeliverable",
  description:
    "Firehose has put interactions aside under undeliverable/; npx penstock undeliverable tells why, and delivers them",
  namespace: "AWS/S3",
  metricName: "PutRequests",
  dimensions: { BucketName: interactions.name, FilterId: undeliverable.name },
  statistic: "Sum",
  period: 300,
  threshold: 0,
  topic: operationsTopic.arn,
});

const ofMachine = (name: string): Metric => ["AWS/States", name, "StateMachineArn", featurePipeline.arn];
const DAY = 86_400;

/** What comes in, how long it takes, how much of it is wrong, and whether features are still what they were. */
export const featuresDashboard = new aws.cloudwatch.Dashboard("FeaturesDashboard", {
  dashboardName: named("features"),
  dashboardBody: $jsonStringify({
    widgets: [
      widget(
        "Interactions a minute",
        "Sum",
        [
          ["AWS/Kinesis", "IncomingRecords", "StreamName", interactionStream.name],
          ["AWS/Firehose", "DeliveryToS3.Records", "DeliveryStreamName", interactionDelivery.name],
        ],
        60,
      ),
      widget("Seconds from the stream to the bucket", "Maximum", [
        ["AWS/Firehose", "DeliveryToS3.DataFreshness", "DeliveryStreamName", interactionDelivery.name],
      ]),
      widget("Days that are open in the delivery", "Maximum", [
        ["AWS/Firehose", "PartitionCount", "DeliveryStreamName", interactionDelivery.name],
      ]),
      widget("Milliseconds of a run", "Maximum", [ofMachine("ExecutionTime")], 3600),
      widget(
        "Runs",
        "Sum",
        ["ExecutionsStarted", "ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsTimedOut"].map(ofMachine),
        DAY,
      ),
      widget(
        "Lines landed, and rejected",
        "Sum",
        [ours("InteractionLines"), ours("InteractionLinesRejected")],
        DAY,
      ),
      widget("Validations that broke a threshold", "Sum", [ours("ValidationBroken")], DAY),
      widget("Features that drifted", "Maximum", [ours("DriftedFeatures")], DAY),
      widget("Greatest population stability index", "Maximum", [ours("GreatestPsi")], DAY),
      widget("Features without a value for anybody", "Maximum", [ours("AllNullFeatures")], DAY),
      widget("Keys that differ online and offline", "Maximum", [ours("ParityMismatches")], DAY),
    ],
  }),
});
