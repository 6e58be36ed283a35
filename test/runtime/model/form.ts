import { answerForm, type ModelMetrics, type ModelRequest, modelMeter } from "@penstock/runtime/model";
import * as v from "valibot";

/** A small form for tests of the port. */
export const form = answerForm(
  "list_things",
  "Things of a text",
  v.strictObject({
    things: v.pipe(
      v.array(
        v.strictObject({
          name: v.pipe(v.string(), v.trim(), v.maxLength(9), v.description("Its name")),
          kind: v.picklist(["plant", "animal"]),
          size: v.nullable(v.pipe(v.number(), v.minValue(0))),
          count: v.pipe(v.number(), v.integer()),
          alive: v.boolean(),
        }),
      ),
      v.maxLength(3),
    ),
  }),
);

export const thing = { name: "oak", kind: "plant", size: null, count: 1, alive: true };

/** A request for it. */
export const request: ModelRequest = {
  system: "List things.",
  messages: [{ role: "user", text: "An oak" }],
  maxTokens: 200,
  temperature: 0,
  answer: form,
};

/** A deployment that asks OpenAI. */
export const settings = {
  provider: "openai",
  modelId: "gpt-x",
  modelRegion: "us-east-1",
  modelSeconds: 30,
  prices: { input: 1, output: 1 },
} as const;

/** Notes what is told of metrics, as `name=value`. */
export function noted(): { readonly metrics: ModelMetrics; readonly told: string[] } {
  const told: string[] = [];
  return { told, metrics: { addMetric: (name, _, value) => told.push(`${name}=${value}`) } };
}

/** A meter that a test never reaches the end of. */
export function wideMeter(metrics: ModelMetrics = noted().metrics) {
  return modelMeter({ prices: { input: 1, output: 10 }, mostTokens: 1e9, mostCostUsd: 1e9 }, metrics);
}
