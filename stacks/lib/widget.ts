import { settings } from "./identity.ts";

/** A metric as a dashboard names it: namespace, name, one dimension with its value. */
export type Metric = readonly [
  namespace: string,
  name: string,
  dimension: string,
  value: $util.Input<string>,
  options?: object,
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
    metrics: metrics.map(([namespace, name, dimension, value, options = {}]) => [
      namespace,
      name,
      dimension,
      value,
      options,
    ]),
  },
});
