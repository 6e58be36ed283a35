import { alarm, ownMetric } from "./lib/alarm.ts";
import { named, settings } from "./lib/identity.ts";
import { type Metric, ours, widget } from "./lib/widget.ts";
import { dataTopic, operationsTopic } from "./monitoring.ts";
import { digitalDna } from "./workflows.ts";

const DAY = 86_400;
const { dailyTokens, model } = settings.dna;

alarm("FailedChunksAlarm", {
  physicalName: "dna-failed-chunks",
  description: "Chunks of exports were not categorised: their documents name them and the error",
  ...ownMetric("ExportChunksFailed"),
  statistic: "Sum",
  period: 300,
  threshold: 0,
  topic: dataTopic.arn,
});

alarm("FlaggedExportsAlarm", {
  physicalName: "dna-flagged-exports",
  description: "Exports look as if they were made to instruct a model: their documents say where",
  ...ownMetric("ExportsFlagged"),
  statistic: "Sum",
  period: 300,
  threshold: 0,
  topic: dataTopic.arn,
});

alarm("ModelTokensAlarm", {
  physicalName: "model-tokens",
  description: `More than ${dailyTokens} tokens of models in a day`,
  ...ownMetric("ModelTokens"),
  statistic: "Sum",
  period: DAY,
  threshold: dailyTokens,
  topic: operationsTopic.arn,
});

alarm("ModelThrottledAlarm", {
  physicalName: "model-throttled",
  description: "Bedrock throttles the model: chunks wait, and some fail. Its quota can be raised",
  namespace: "AWS/Bedrock",
  metricName: "InvocationThrottles",
  dimensions: { ModelId: model.modelId },
  statistic: "Sum",
  period: 300,
  evaluationPeriods: 3,
  threshold: 0,
  topic: operationsTopic.arn,
});

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
