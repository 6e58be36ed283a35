import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { makeRefineData, type RefineData } from "./refine-data.ts";
import type { Measured } from "./refine-measure.ts";

const { values: options } = parseArgs({ options: { json: { type: "string" } } });

/** What the project promises of a million order items. */
const BARS = { times_duckdb: 3, times_faster_than_records: 5, peak_rss_mb: 600 };
/** Rounds of the two short ways, in turns, so that a busy moment of the machine meets both; the median counts. */
const ROUNDS = 3;
const ROWS = 1_000_000;

const folder = await mkdtemp(path.join(tmpdir(), "penstock-bench-"));
try {
  console.log(`Making ${ROWS.toLocaleString("en")} order items and their parents …`);
  const data = await makeRefineData(folder);
  const penstock: Measured[] = [];
  const duckdb: Measured[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    duckdb.push(await run("refine-duckdb.ts", data));
    penstock.push(await run("refine-penstock.ts", data));
  }
  const records = await run("refine-records.ts", data);
  report(median(penstock), median(duckdb), records, Math.max(...penstock.map(({ rss_mb }) => rss_mb)));
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function run(file: string, data: RefineData): Promise<Measured> {
  const own = await mkdtemp(path.join(folder, "run-"));
  const script = fileURLToPath(new URL(file, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(data), own]);
  await rm(own, { recursive: true, force: true });
  const measured: Measured = JSON.parse(stdout);
  console.log(`  ${file.padEnd(20)} ${Math.round(measured.ms)} ms, ${Math.round(measured.rss_mb)} MB`);
  return measured;
}

function median(measured: readonly Measured[]): Measured {
  const [middle] = measured.toSorted((a, b) => a.ms - b.ms).slice(Math.floor(measured.length / 2));
  if (middle === undefined) throw new Error("nothing was measured");
  return middle;
}

function report(penstock: Measured, duckdb: Measured, records: Measured, peak: number): void {
  if (penstock.curated !== records.curated) {
    throw new Error(
      `Penstock kept ${penstock.curated} rows, record by record ${records.curated} were: not the same work`,
    );
  }
  const numbers = {
    rows_per_second: Math.round((ROWS / penstock.ms) * 1000),
    peak_rss_mb: Math.round(peak),
    times_duckdb: round(penstock.ms / duckdb.ms),
    times_faster_than_records: round(records.ms / penstock.ms),
  };
  const met = (is: boolean) => (is ? "met" : "NOT MET");
  console.log(`
rows per second                      ${numbers.rows_per_second.toLocaleString("en")}
peak resident memory                 ${numbers.peak_rss_mb} MB   (bar: under ${BARS.peak_rss_mb} MB, ${met(numbers.peak_rss_mb < BARS.peak_rss_mb)})
time of DuckDB's bare deduplication  × ${numbers.times_duckdb}   (bar: at most ${BARS.times_duckdb}, ${met(numbers.times_duckdb <= BARS.times_duckdb)})
faster than record by record         × ${numbers.times_faster_than_records}   (bar: at least ${BARS.times_faster_than_records}, ${met(numbers.times_faster_than_records >= BARS.times_faster_than_records)})`);
  if (options.json !== undefined) void writeFile(options.json, `${JSON.stringify(numbers, null, 2)}\n`);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
