import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { RefineData } from "./refine-data.ts";

/** What one way of refining answers: a line of JSON on standard output. */
export interface Measured {
  readonly ms: number;
  readonly rss_mb: number;
  /** Rows that were kept, so that nobody wins by doing less. */
  readonly curated: number;
}

/** What Penstock and DuckDB alone may use: little, for the bar on memory. */
export const LIMITS = { memoryMb: 250, threads: 2 };

/**
 * Runs one way, in a process of its own so that its memory is its own. A thousand rows first: a Lambda refines many
 * objects in one process, and reads modules and writes queries for the first only.
 */
export async function measure(way: (data: RefineData, folder: string) => Promise<number>): Promise<void> {
  const [data, folder] = process.argv.slice(2);
  if (data === undefined || folder === undefined) throw new Error("started by refine.ts only");
  const parsed: RefineData = JSON.parse(data);
  const warm = path.join(folder, "warm");
  const own = path.join(folder, "own");
  await mkdir(warm);
  await mkdir(own);
  await way({ ...parsed, items: parsed.few }, warm);
  const began = performance.now();
  const curated = await way(parsed, own);
  const ms = performance.now() - began;
  const measured: Measured = { ms, rss_mb: process.resourceUsage().maxRSS / 1024, curated };
  console.log(JSON.stringify(measured));
}
