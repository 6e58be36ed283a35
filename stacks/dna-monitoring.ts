import { named, settings } from "./lib/identity.ts";
import { metricService } from "./lib/task.ts";
import { type Metric, widget } from "./lib/widget.ts";
import { dataTopic, operationsTopic } from "./monitoring.ts";
import { digitalDna } from "./workflows.ts";

const DAY = 86_400;
const { dailyTokens, model } = settings.dna;

/** An alarm over what our tasks count, above `threshold` within `period` seconds. */
function counted(
  name: string,
  alarm: { physicalName: string; description: string; metric: string; threshold: number; period: number },
  topic: aws.sns.Topic,
) {
  new aws.cloudwatch.MetricAlarm(name, {
    name: named(alarm.physicalName),
    alarmDescription: alarm.description,
    namespace: "Penstock",
    metricName: alarm.metric,
    dimensions: { service: metricService },
    statistic: "Sum",
    period: alarm.period,
    evaluationPeriods: 1,
    comparisonOperator: "GreaterThanThreshold",
    threshold: alarm.threshold,
    treatMissingData: "notBreaching",
    alarmActions: [topic.arn],
  });
}

counted(
  "FailedChunksAlarm",
  {
    physicalName: "dna-failed-chunks",
    description: "Chunks of exports were not categorised: their documents name them and the error",
    metric: "ExportChunksFailed",
    threshold: 0,
    period: 300,
  },
  dataTopic,
);

counted(
  "FlaggedExportsAlarm",
  {
    physicalName: "dna-flagged-exports",
    description: "Exports look as if they were made to instruct a model: their documents say where",
    metric: "ExportsFlagged",
    threshold: 0,
    period: 300,
  },
  dataTopic,
);

counted(
  "ModelTokensAlarm",
  {
    physicalName: "model-tokens",
    description: `More than ${dailyTokens} tokens of models in a day`,
    metric: "ModelTokens",
    threshold: dailyTokens,
    period: DAY,
  },
  operationsTopic,
);

new aws.cloudwatch.MetricAlarm("ModelThrottledAlarm", {
  name: named("model-throttled"),
  alarmDescription: "Bedrock throttles the model: chunks wait, and some fail. Its quota can be raised",
  namespace: "AWS/Bedrock",
  metricName: "InvocationThrottles",
  dimensions: { ModelId: model.modelId },
  statistic: "Sum",
  period: 300,
  evaluationPeriods: 3,
  comparisonOperator: "GreaterThanThreshold",
  threshold: 0,
  treatMissingData: "notBreaching",
  alarmActions: [operationsTopic.arn],
});

const ours = (name: string): Metric => ["Penstock", name, "service", metricService];
const ofMachine = (name: string): Metric => ["AWS/States", name, "StateMachineArn", digitalDna.arn];

/** What comes in, what it costs, and what was not read. */
export const dnaDashboard = new aws.cloudwatch.Dashboard("DnaDashboard", {
  dashboardName: named("digital-dna"),
  dashboardBody: $jsonStringify({
    widgets: [
      widget(
        "Executions",
        "Sum",
        ["ExecutionsStarted", "ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsTimedOut"].map(ofMachine),
      ),
      widget("Milliseconds of an execution", "Maximum", [ofMachine("ExecutionTime")]),
      widget("Exports written as documents", "Sum", [ours("ExportsWritten"), ours("ExportsFlagged")]),
      widget("Chunks that failed", "Sum", [ours("ExportChunksFailed")]),
      widget("Calls of models, repaired, invalid", "Sum", [
        ours("ModelCalls"),
        ours("ModelRepairs"),
        ours("ModelInvalid"),
      ]),
      widget("Tokens of models", "Sum", [ours("ModelTokens")], DAY),
      widget("Cost of models, USD", "Sum", [ours("ModelCostUsd")], DAY),
    ],
  }),
});
