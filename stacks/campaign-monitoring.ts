import { imageRequests } from "./assets.ts";
import { named, settings } from "./lib/identity.ts";
import { metricService } from "./lib/task.ts";
import { type Metric, widget } from "./lib/widget.ts";
import { operationsTopic } from "./monitoring.ts";
import { campaign } from "./workflows.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;
const { fallBackFraction } = settings.campaign;
const { dailyImages, waitingSeconds } = settings.assets;

const alarm = {
  comparisonOperator: "GreaterThanThreshold",
  evaluationPeriods: 1,
  treatMissingData: "notBreaching",
  alarmActions: [operationsTopic.arn],
};

/** How often a metric of ours was counted with a value of a dimension, in an hour. */
const countedBy = (id: string, metricName: string, dimension: string, value: string) => ({
  id,
  metric: {
    namespace: "Penstock",
    metricName,
    dimensions: { service: metricService, [dimension]: value },
    stat: "Sum",
    period: HOUR,
  },
});

new aws.cloudwatch.MetricAlarm("CampaignsFallBackAlarm", {
  ...alarm,
  name: named("campaigns-fall-back"),
  alarmDescription: `More than ${fallBackFraction * 100} % of the campaigns that were to be the agent's came from the sequence: FallBack by Reason says why`,
  threshold: fallBackFraction,
  metricQueries: [
    countedBy("agent", "GenerationMethod", "Method", "bedrock_agent"),
    countedBy("sequence", "GenerationMethod", "Method", "sequential"),
    // Who asks for the sequence has not fallen back.
    countedBy("asked", "FallBack", "Reason", "asked_for"),
    // Each is counted with every campaign, as 0 too.
    { id: "fallen", expression: "sequence - asked" },
    {
      id: "fraction",
      label: "fallen back per campaign that asked for the agent",
      expression: "IF(agent + fallen > 0, fallen / (agent + fallen), 0)",
      returnData: true,
    },
  ],
});

/** The same of one that has no other dimension. */
const counted = (id: string, metricName: string) => ({
  id,
  metric: {
    namespace: "Penstock",
    metricName,
    dimensions: { service: metricService },
    stat: "Sum",
    period: HOUR,
  },
});

new aws.cloudwatch.MetricAlarm("ImagesFailAlarm", {
  ...alarm,
  name: named("images-fail"),
  alarmDescription:
    "More than half of the pictures of an hour failed: ImagesFailed by Error says how, and the log of generate-images why",
  threshold: 0.5,
  metricQueries: [
    counted("failed", "ImagesFailed"),
    counted("completed", "ImagesCompleted"),
    {
      id: "fraction",
      label: "failed per picture",
      expression: "IF(failed + completed > 0, failed / (failed + completed), 0)",
      returnData: true,
    },
  ],
});

new aws.cloudwatch.MetricAlarm("ImagesWaitAlarm", {
  ...alarm,
  name: named("images-wait"),
  alarmDescription: `A picture waits for more than ${waitingSeconds} seconds: GenerateImages does not keep up, or fails`,
  namespace: "AWS/SQS",
  metricName: "ApproximateAgeOfOldestMessage",
  dimensions: { QueueName: imageRequests.name },
  statistic: "Maximum",
  period: 300,
  threshold: waitingSeconds,
});

new aws.cloudwatch.MetricAlarm("ImagesNotQueuedAlarm", {
  ...alarm,
  name: named("images-not-queued"),
  alarmDescription:
    "A campaign went out without pictures: the queue was away, or the machine may not send to it",
  namespace: "Penstock",
  metricName: "ImagesNotQueued",
  dimensions: { service: metricService },
  statistic: "Sum",
  period: 300,
  threshold: 0,
});

new aws.cloudwatch.MetricAlarm("DailyImagesAlarm", {
  ...alarm,
  name: named("images-daily"),
  alarmDescription: `More than ${dailyImages} pictures were drawn in a day`,
  namespace: "Penstock",
  metricName: "ImagesCompleted",
  dimensions: { service: metricService },
  statistic: "Sum",
  period: DAY,
  threshold: dailyImages,
});

const ours = (name: string): Metric => ["Penstock", name, "service", metricService];
const by = (name: string, dimension: string, value: string): Metric => [
  ...(["Penstock", name, "service", metricService] as const),
  dimension,
  value,
];
const ofMachine = (name: string): Metric => ["AWS/States", name, "StateMachineArn", campaign.arn];
const ofQueue = (name: string): Metric => ["AWS/SQS", name, "QueueName", imageRequests.name];

/** Who makes campaigns, how long they take, what they are without, and the pictures with their price. */
export const campaignDashboard = new aws.cloudwatch.Dashboard("CampaignDashboard", {
  dashboardName: named("campaigns"),
  dashboardBody: $jsonStringify({
    widgets: [
      widget(
        "Executions",
        "Sum",
        ["ExecutionsStarted", "ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsTimedOut"].map(ofMachine),
      ),
      widget("Seconds of a campaign", "p50", [ours("CampaignSeconds")]),
      widget("Campaigns by who made them", "Sum", [
        by("GenerationMethod", "Method", "bedrock_agent"),
        by("GenerationMethod", "Method", "sequential"),
      ]),
      widget("Campaigns without videos", "Sum", [ours("EnrichmentSkipped")]),
      widget("Users told to wait", "Sum", [
        by("RateLimited", "Kind", "campaign"),
        by("RateLimited", "Kind", "image"),
        by("RateLimited", "Kind", "upload"),
      ]),
      widget("Pictures", "Sum", [ours("ImagesCompleted"), ours("ImagesFailed")]),
      widget("Seconds that the oldest picture waits", "Maximum", [ofQueue("ApproximateAgeOfOldestMessage")]),
      widget("Cost of pictures, USD", "Sum", [ours("ImageCostUsd")], DAY),
    ],
  }),
});
