import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text as textOf } from "node:stream/consumers";
import { parseArgs } from "node:util";
import * as v from "valibot";
import { FeatureData, MeasuredByHand, MeasuredRun } from "./features-measured.ts";
import { type ProcessPeak, watchProcesses } from "./process-peaks.ts";

const { values: options } = parseArgs({ options: { json: { type: "string" } } });

/** What the project promises of a weekly run over five million interactions. */
const BARS = { weekly_seconds: 90, times_duckdb: 1.5, peak_rss_mb: 2048, growth_10x: 10 };
/** Interactions, users, products: ten times as much of each. */
const SMALL = [500_000, 10_000, 2_000] as const;
const LARGE = [5_000_000, 100_000, 20_000] as const;

const folder = await mkdtemp(path.join(tmpdir(), "penstock-bench-"));
try {
  const small = await measure(SMALL);
  const large = await measure(LARGE);
  await report(small, large);
} finally {
  await rm(folder, { recursive: true, force: true });
}

interface Measured {
  readonly run: MeasuredRun;
  readonly byHand: MeasuredByHand;
  readonly peaks: readonly ProcessPeak[];
  readonly rows: number;
}

async function measure([rows, users, products]: typeof SMALL | typeof LARGE): Promise<Measured> {
  console.log(`\n${number(rows)} interactions of ${number(users)} users with ${number(products)} products`);
  const own = path.join(folder, String(rows));
  await mkdir(path.join(own, "by-hand"), { recursive: true });
  const data = v.parse(
    FeatureData,
    (await answerOf("features-data.ts", [path.join(own, "raw"), rows, users, products])).answer,
  );
  const { answer, peaks } = await answerOf("features-run.ts", [
    JSON.stringify(data),
    path.join(own, "cloud"),
  ]);
  const run = v.parse(MeasuredRun, answer);
  const compared = await answerOf("features-duckdb.ts", [
    JSON.stringify(data),
    JSON.stringify(run),
    path.join(own, "by-hand"),
  ]);
  const byHand = v.parse(MeasuredByHand, compared.answer);
  await rm(own, { recursive: true, force: true });
  for (const state of run.states.filter(({ seconds }) => seconds >= 0.5))
    console.log(
      `  ${state.name.padEnd(24)} ${state.seconds.toFixed(1).padStart(6)} s   ${number(rows / state.seconds).padStart(12)} rows/s`,
    );
  console.log(
    `  ${"the whole run".padEnd(24)} ${run.seconds.toFixed(1).padStart(6)} s   ${number(rows / run.seconds).padStart(12)} rows/s`,
  );
  const names = Map.groupBy(peaks, ({ name }) => name);
  for (const [name, own] of names)
    console.log(
      `  ${name.padEnd(58)} ${Math.round(own[0]?.peakMb ?? 0)
        .toString()
        .padStart(6)} MB at most${own.length > 1 ? `, of ${own.length} processes` : ""}`,
    );
  const groups = Object.entries(byHand.groups).map(([group, seconds]) => `${group} ${seconds.toFixed(1)} s`);
  console.log(`  by hand ${byHand.seconds.toFixed(1)} s (${groups.join(", ")})`);
  return { run, byHand, peaks, rows };
}

/** What a script answers in its last line, and what memory it and its own processes took. */
async function answerOf(file: string, args: readonly (string | number)[]) {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, file), ...args.map(String)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const watched = watchProcesses(child.pid ?? 0);
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const printed = await textOf(child.stdout);
  const status = await ended;
  const peaks = await watched.stop();
  if (status !== 0) throw new Error(`${file} ended with exit status ${status}`);
  return { answer: JSON.parse(printed.trim().split("\n").at(-1) ?? ""), peaks };
}

async function report(small: Measured, large: Measured): Promise<void> {
  const computing = (of: Measured) =>
    of.run.states.find(({ name }) => name === "ComputeFeatures")?.seconds ?? 0;
  const numbers = {
    weekly_seconds: round(large.run.seconds),
    times_duckdb: round(computing(large) / large.byHand.seconds),
    peak_rss_mb: Math.round(Math.max(...[...small.peaks, ...large.peaks].map(({ peakMb }) => peakMb))),
    growth_10x: round(large.run.seconds / small.run.seconds),
  };
  const differences = [...small.byHand.differences, ...large.byHand.differences];
  const met = (is: boolean) => {
    if (!is) process.exitCode = 1;
    return is ? "met" : "NOT MET";
  };
  console.log(`
features equal to those by hand   ${differences.length === 0 ? "in every group" : differences.join("; ")}   (bar: yes, ${met(differences.length === 0)})
weekly run, ${number(large.rows)}        ${numbers.weekly_seconds} s   (bar: at most ${BARS.weekly_seconds}, ${met(numbers.weekly_seconds <= BARS.weekly_seconds)})
computing, of the time by hand    × ${numbers.times_duckdb}   (bar: at most ${BARS.times_duckdb}, ${met(numbers.times_duckdb <= BARS.times_duckdb)})
the whole run, of that time       × ${round(large.run.seconds / large.byHand.seconds)}
peak resident memory              ${numbers.peak_rss_mb} MB   (bar: at most ${BARS.peak_rss_mb} in any process, ${met(numbers.peak_rss_mb <= BARS.peak_rss_mb)})
time of ten times as much         × ${numbers.growth_10x}   (bar: at most ${BARS.growth_10x}, ${met(numbers.growth_10x <= BARS.growth_10x)})`);
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(numbers, null, 2)}\n`);
}

function number(value: number): string {
  return Math.round(value).toLocaleString("en");
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
