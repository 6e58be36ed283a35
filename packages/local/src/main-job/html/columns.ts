import { figure as digits } from "../prod/figures.ts";
import { chart, colours, grid, sequenceAxis, valueAxis } from "./chart.ts";
import type { TextTable } from "./page.ts";

/** Vertical bars that touch: how many there are between two bounds. */
export function columns(
  bounds: readonly string[],
  counts: readonly number[],
  label: string,
  logarithmic = false,
): string {
  return chart(
    {
      grid,
      xAxis: sequenceAxis(bounds),
      yAxis: valueAxis(digits, logarithmic ? { type: "log", min: 1 } : {}),
      series: [
        {
          type: "bar",
          // A logarithm of nothing there is not.
          data: counts.map((count) => (logarithmic && count === 0 ? null : count)),
          itemStyle: { color: colours.first },
          barCategoryGap: "8%",
        },
      ],
    },
    240,
    label,
  );
}

/** The numbers of a histogram. */
export function histogramTable(
  name: string,
  bounds: readonly string[],
  counts: readonly number[],
  of: string,
): TextTable {
  return { head: [name, of], rows: counts.map((count, bin) => [bounds[bin] ?? "", digits(count)]) };
}

/** The next number of one digit that says something, so that the bounds of bars are such numbers too. */
export function niceAbove(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 5, 6, 8, 10].map((digit) => digit * power).find((bound) => bound >= value) ?? value;
}
