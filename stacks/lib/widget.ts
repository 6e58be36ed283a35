import { settings } from "./identity.ts";
import { metricService } from "./task.ts";

/** A metric as a dashboard names it: namespace, name, a dimension with its value, and another. */
export type Metric = readonly [
  namespace: string,
  name: string,
  dimension: string,
  value: $util.Input<string>,
  ...another: readonly [dimension: string, value: $util.Input<string>] | readonly [],
];

/** What our tasks count, by what they count it by besides. */
export const ours = (
  name: string,
  ...another: readonly [dimension: string, value: string] | readonly []
): Metric => ["Penstock", name, "service", metricService, ...another];

/** A graph of a dashboard, half its width; `period` in seconds. */
export const widget = (title: string, stat: string, metrics: readonly Metric[], period = 300) => ({
  type: "metric",
  width: 12,
  height: 6,
  properties: {
    title,
    stat,
    period,
    region: settings.region,
    view: "timeSeries",
    metrics: metrics.map((metric) => [...metric]),
  },
});
