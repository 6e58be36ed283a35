import { BarChart, CustomChart, LineChart } from "echarts/charts";
import { GridComponent, MarkLineComponent } from "echarts/components";
import { type EChartsCoreOption, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { escaped } from "./escape.ts";

use([BarChart, CustomChart, LineChart, GridComponent, MarkLineComponent, SVGRenderer]);

/** Colours by what they stand for. The page's style sheet knows their values, for light and for dark. */
export const colours = {
  ink: "var(--ink)",
  muted: "var(--muted)",
  line: "var(--line)",
  first: "var(--first)",
  second: "var(--second)",
  band: "var(--band)",
  wideBand: "var(--wide-band)",
} as const;

const WIDTH = 760;

/**
 * A chart as an SVG element: ECharts draws it here, so that the page needs no script. What ECharts adds for a mouse goes,
 * and so do its clips (nothing of ours stands out) and the names of its namespaces, which HTML does not need.
 *
 * @param label what the chart shows, for who does not see it
 */
export function chart(option: EChartsCoreOption, height: number, label: string): string {
  const drawing = init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height });
  try {
    drawing.setOption({
      animation: false,
      color: [colours.first],
      textStyle: { fontFamily: "inherit" },
      ...option,
    });
    return drawing
      .renderToSVGString()
      .replaceAll(/<(style|defs)[\s\S]*?<\/\1>/g, "")
      .replaceAll(/ (class|clip-path|pointer-events|ecmeta_[a-z_]+)="[^"]*"/g, "")
      .replace(
        /^<svg [^>]*>/,
        `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(label)}">`,
      );
  } finally {
    // Its clock would keep the process alive.
    drawing.dispose();
  }
}

const text = { color: colours.muted, fontSize: 13 };

/** An axis of names, the first at the top. */
export function nameAxis(names: readonly string[]) {
  return {
    type: "category",
    data: names,
    inverse: true,
    axisLabel: { ...text, color: colours.ink },
    axisTick: { show: false },
    axisLine: { lineStyle: { color: colours.line } },
  };
}

/** An axis of values. */
export function valueAxis(format: (value: number) => string, more: object = {}) {
  return {
    type: "value",
    axisLabel: { ...text, formatter: format },
    splitLine: { lineStyle: { color: colours.line } },
    splitNumber: 4,
    ...more,
  };
}

/** An axis of texts from left to right: days, or the bounds of a histogram. */
export function sequenceAxis(texts: readonly string[], more: object = {}) {
  return {
    type: "category",
    data: texts,
    axisLabel: { ...text, hideOverlap: true },
    axisTick: { show: false },
    axisLine: { lineStyle: { color: colours.line } },
    ...more,
  };
}

export const grid = {
  left: 20,
  right: 24,
  top: 12,
  bottom: 8,
  outerBoundsMode: "same",
  outerBoundsContain: "axisLabel",
};
