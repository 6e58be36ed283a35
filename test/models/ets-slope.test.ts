import { describe, expect, test } from "vitest";
import { etsPass, newTrace } from "../../packages/models/src/forecast/ets-filter.ts";
import { candidateForms, etsName } from "../../packages/models/src/forecast/ets-form.ts";
import { pack, unpack, unpackedSlope } from "../../packages/models/src/forecast/ets-parameters.ts";
import { etsSlope } from "../../packages/models/src/forecast/ets-slope.ts";
import { startState } from "../../packages/models/src/forecast/ets-start.ts";

const PERIOD = 4;
const values = Float64Array.from(
  { length: 40 },
  (_, t) => 1 + 0.01 * t + 0.2 * Math.sin((t * Math.PI) / 2) + 0.05 * Math.cos(t * t),
);
const multiplicativeTrend = { error: "M", trend: "M", damped: true, season: "M" } as const;

describe("the slope of exponential smoothing's likelihood", () => {
  test.each(
    [...candidateForms(true, true), multiplicativeTrend].map((form) => [etsName(form), form] as const),
  )("agrees with difference quotients for %s", (_, form) => {
    const at = pack(form, PERIOD, [0.3, 0.2, 0.2, 0.6], startState(form, values, PERIOD));
    const trace = newTrace(values.length, form.season === "N" ? 0 : PERIOD);
    const deviance = (point: Float64Array) => {
      const { weights, start } = unpack(form, PERIOD, point);
      return etsPass(form, values, weights, start, trace);
    };
    const slope = new Float64Array(at.length);
    deviance(at);
    unpackedSlope(
      form,
      at,
      unpack(form, PERIOD, at).weights,
      etsSlope(form, values, unpack(form, PERIOD, at).weights, trace),
      slope,
    );
    at.forEach((here, i) => {
      const moved = (by: number) => deviance(at.map((one, j) => (i === j ? here + by : one)));
      const quotient = (moved(1e-6) - moved(-1e-6)) / 2e-6;
      expect(Math.abs((slope[i] ?? Number.NaN) - quotient)).toBeLessThan(1e-5 * (1 + Math.abs(quotient)));
    });
  });
});
