import { writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { measureMarts } from "./prod-marts.ts";
import { type MeasuredSystem, measured, measureSystem } from "./prod-systems.ts";

const { values: options } = parseArgs({ options: { json: { type: "string" }, data: { type: "string" } } });
const data = options.data ?? fileURLToPath(new URL("../../shared/data", import.meta.url));
const olist = path.join(data, "olist");

/** What the project promises. */
const BARS = { marts_rows_per_second: 500_000, systems_seconds: 60, peak_rss_mb: 1000, growth_1x_10x: 10 };

/** Marts and the five systems over so many copies of Olist, each step in a process of its own. */
async function measure(scale: number) {
  console.log(`\nOlist × ${scale}`);
  await using marts = await measureMarts(scale, olist);
  const { rows, seconds, peakRssMb, directory, manifest } = marts;
  line("marts", seconds, peakRssMb, `${number(rows)} curated rows, ${number(rows / seconds)} rows/s`);
  const steps: MeasuredSystem[] = [];
  const each = new Map([["marts", seconds]]);
  for (const system of measured) {
    const step = await measureSystem(system, { directory, build: manifest.build });
    const silent = step.silent.length === 0 ? "" : `; not enough data: ${step.silent.join(", ")}`;
    line(system, step.seconds, step.peakRssMb, `${number(step.rows)} rows of reports${silent}`);
    steps.push(step);
    each.set(system, step.seconds);
  }
  return {
    marts: { rows, seconds },
    systems: steps.reduce((sum, step) => sum + step.seconds, 0),
    each,
    peak: Math.max(peakRssMb, ...steps.map((step) => step.peakRssMb)),
  };
}

function line(step: string, seconds: number, rss: number, about: string): void {
  console.log(
    `  ${step.padEnd(26)} ${seconds.toFixed(2).padStart(7)} s ${rss.toFixed(0).padStart(6)} MB   ${about}`,
  );
}

function number(value: number): string {
  return Math.round(value).toLocaleString("en");
}

console.log(`Marts: from the listing of the curated objects to the manifest, the median of three builds. Objects lie on
local disk and are linked instead of copied, so that what S3 takes to bring them down is not in it.`);
const once = await measure(1);
const tenfold = await measure(10);
const growths = [...tenfold.each].map(([step, seconds]) => {
  // What is over in less says more of the start of a process than of its work.
  return { step, growth: seconds / (once.each.get(step) ?? 0), counts: seconds >= 1 };
});
const total = (tenfold.marts.seconds + tenfold.systems) / (once.marts.seconds + once.systems);
const numbers = {
  marts_rows_per_second: Math.round(tenfold.marts.rows / tenfold.marts.seconds),
  /** Olist once, all five one after the other. */
  systems_seconds: round(once.systems),
  peak_rss_mb: Math.round(Math.max(once.peak, tenfold.peak)),
  /** Of the step that grows most, of those that take a second or more tenfold. */
  growth_1x_10x: round(Math.max(...growths.filter(({ counts }) => counts).map(({ growth }) => growth), 0)),
};
const met = (is: boolean) => {
  if (!is) process.exitCode = 1;
  return is ? "met" : "NOT MET";
};
console.log("\ntime of ten times as much");
for (const { step, growth, counts } of growths) {
  console.log(
    `  ${step.padEnd(26)} × ${growth.toFixed(2)}${counts ? "" : "   (under 1 s tenfold: not counted)"}`,
  );
}
console.log(`  ${"all together".padEnd(26)} × ${total.toFixed(2)}

marts, Olist × 10         ${number(numbers.marts_rows_per_second)} curated rows/s   (bar: at least ${number(BARS.marts_rows_per_second)}, ${met(numbers.marts_rows_per_second >= BARS.marts_rows_per_second)})
five systems, Olist       ${numbers.systems_seconds} s   (bar: at most ${BARS.systems_seconds}, ${met(numbers.systems_seconds <= BARS.systems_seconds)})
peak resident memory      ${numbers.peak_rss_mb} MB   (bar: under ${BARS.peak_rss_mb} in any step, ${met(numbers.peak_rss_mb < BARS.peak_rss_mb)})
cost of ten times as much × ${numbers.growth_1x_10x}   (bar: at most ${BARS.growth_1x_10x} in any step, ${met(numbers.growth_1x_10x <= BARS.growth_1x_10x)})`);
if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(numbers, null, 2)}\n`);

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
