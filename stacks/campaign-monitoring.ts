import { imageRequests } from "./assets.ts";
import { alarm, ownMetric } from "./lib/alarm.ts";
import { named, settings } from "./lib/identity.ts";
import { type Metric, ours, widget } from "./lib/widget.ts";
import { operationsTopic } from "./monitoring.ts";
import { campaign } from "./workflows.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;
const { dailyCostUsd, fallBackFraction } = settings.campaign;
const { dailyImages, waitingSeconds } = settings.assets;

/** So many of an hour are more than somebody's bad luck. */
const SEVERAL = 3;

/** How often our tasks counted something in an hour, as a part of an expression. */
const hourly = (id: string, metricName: string, dimensions?: Readonly<Record<string, string>>) => ({
  id,
  metric: { ...ownMetric(metricName, dimensions), stat: "Sum", period: HOUR },
});

alarm("CampaignsFallBackAlarm", {
  physicalName: "campaigns-fall-back",
  description: `More than ${fallBackFraction * 100} % of the campaigns that were to be the agent's came from the sequence: FallBack by Reason says why`,
  threshold: fallBackFraction,
  metricQueries: [
    hourly("agent", "GenerationMethod", { Method: "bedrock_agent" }),
    hourly("sequence", "GenerationMethod", { Method: "sequential" }),
    // Who asks for the sequence has not fallen back.
    hourly("asked", "FallBack", { Reason: "asked_for" }),
    // Each is counted with every campaign, as 0 too.
    { id: "fallen", expression: "sequence - asked" },
    {
      id: "fraction",
      label: "fallen back per campaign that asked for the agent",
      expression: `IF(agent + fallen >= ${SEVERAL}, fallen / (agent + fallen), 0)`,
      returnData: true,
    },
  ],
  topic: operationsTopic.arn,
});

alarm("ImagesFailAlarm", {
  physicalName: "images-fail",
  description:
    "More than half of the pictures of an hour failed, without those that the model's filter stopped: ImagesFailed by Error says how, and the log of generate-images why",
  threshold: 0.5,
  metricQueries: [
    hourly("failed", "ImagesFailed"),
    hourly("completed", "ImagesCompleted"),
    {
      id: "fraction",
      label: "failed per picture",
      expression: `IF(failed + completed >= ${SEVERAL}, failed / (failed + completed), 0)`,
      returnData: true,
    },
  ],
  topic: operationsTopic.arn,
});

alarm("ImagesWaitAlarm", {
  physicalName: "images-wait",
  description: `A picture waits for more than ${waitingSeconds} seconds: GenerateImages does not keep up, or fails`,
  namespace: "AWS/SQS",
  metricName: "ApproximateAgeOfOldestMessage",
  dimensions: { QueueName: imageRequests.name },
  statistic: "Maximum",
  period: 300,
  threshold: waitingSeconds,
  topic: operationsTopic.arn,
});

alarm("ImagesNotQueuedAlarm", {
  physicalName: "images-not-queued",
  description:
    "A campaign went out without pictures: their table or queue was away, or the machine may not write to it",
  ...ownMetric("ImagesNotQueued"),
  statistic: "Sum",
  period: 300,
  threshold: 0,
  topic: operationsTopic.arn,
});

alarm("DailyImagesAlarm", {
  physicalName: "images-daily",
  description: `More than ${dailyImages} pictures were paid for in a day`,
  // Counted with each that a model was asked for and did not say that it drew nothing, unless the function was killed meanwhile.
  ...ownMetric("ImageCostUsd"),
  statistic: "SampleCount",
  period: DAY,
  threshold: dailyImages,
  topic: operationsTopic.arn,
});

alarm("DailyCampaignCostAlarm", {
  physicalName: "campaigns-daily-cost",
  description: `More than ${dailyCostUsd} USD for the texts of a day's campaigns, without those that came to no end`,
  ...ownMetric("CampaignCostUsd"),
  statistic: "Sum",
  period: DAY,
  threshold: dailyCostUsd,
  topic: operationsTopic.arn,
});

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
        ours("GenerationMethod", "Method", "bedrock_agent"),
        ours("GenerationMethod", "Method", "sequential"),
      ]),
      widget("Campaigns without videos", "Sum", [ours("EnrichmentSkipped")]),
      widget("Users told to wait", "Sum", [
        ours("RateLimited", "Kind", "campaign"),
        ours("RateLimited", "Kind", "image"),
        ours("RateLimited", "Kind", "upload"),
        ours("RateLimited", "Kind", "judge"),
      ]),
      widget(
        "Pictures",
        "Sum",
        ["ImagesCompleted", "ImagesFiltered", "ImagesFailed"].map((name) => ours(name)),
      ),
      widget("Seconds that the oldest picture waits", "Maximum", [ofQueue("ApproximateAgeOfOldestMessage")]),
      widget("Cost of texts, USD", "Sum", [ours("CampaignCostUsd")], DAY),
      widget("Cost of pictures, USD", "Sum", [ours("ImageCostUsd")], DAY),
    ],
  }),
});
