import { named } from "./identity.ts";
import { metricService } from "./task.ts";

type Given = "name" | "alarmDescription" | "alarmActions";
type Usual = "evaluationPeriods" | "comparisonOperator" | "treatMissingData";

/** What is said of an alarm: the metric and its threshold as CloudWatch has them, who hears of it, and what is not as usual. */
export interface AlarmArgs extends Omit<aws.cloudwatch.MetricAlarmArgs, Given | Usual> {
  /** Without app and stage. */
  readonly physicalName: string;
  /** What it means, and what to do. */
  readonly description: string;
  readonly topic: $util.Input<string>;
  /** Periods in a row over the threshold; 1 unless told. */
  readonly evaluationPeriods?: number;
  readonly comparisonOperator?: "GreaterThanThreshold" | "LessThanThreshold";
  /** What a period without any value means; nothing bad unless told. */
  readonly treatMissingData?: "notBreaching" | "breaching";
}

/** An alarm that rings as soon as a metric is over its threshold. */
export function alarm(
  name: string,
  { physicalName, description, topic, ...what }: AlarmArgs,
  options?: $util.CustomResourceOptions,
): void {
  new aws.cloudwatch.MetricAlarm(
    name,
    {
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
      ...what,
      name: named(physicalName),
      alarmDescription: description,
      alarmActions: [topic],
    },
    options,
  );
}

/** A metric that our tasks count, by what they count it by besides. */
export const ownMetric = (metricName: string, dimensions: Readonly<Record<string, string>> = {}) => ({
  namespace: "Penstock",
  metricName,
  dimensions: { service: metricService, ...dimensions },
});
