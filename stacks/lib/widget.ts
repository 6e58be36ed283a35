import { settings } from "./identity.ts";

/** A metric as a dashboard names it: namespace, name, a dimension with its value, and another. */
export type Metric = readonly [
  namespace: string,
  name: string,
  dimension: string,
  value: $util.Input<string>,
  ...another: readonly [dimension: string, value: $util.Input<string>] | readonly [],
];

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
