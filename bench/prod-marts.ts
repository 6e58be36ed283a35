import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { MartsManifest, manifestKey } from "@penstock/contracts";
import { directoryObjectStore, s3Uri } from "@penstock/runtime";
import * as v from "valibot";
import { makeCuratedOlist } from "./prod-marts-data.ts";

const BUILD = "20261121T053000Z-000001";
/** Times that the marts are built; the median of the times counts. */
const ROUNDS = 3;

/** How fast the marts were built, and what was built. */
export interface MeasuredMarts {
  /** Curated rows that were read. */
  readonly rows: number;
  /** From the listing of curated objects on local disk to the manifest, in a process that has built nothing before. */
  readonly seconds: number;
  readonly peakRssMb: number;
  /** A folder of buckets (`curated`, `audit`, `marts`, `artifacts`), for `directoryObjectStore`. */
  readonly directory: string;
  readonly manifest: MartsManifest;
  /** Removes the folder. */
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

const Built = v.object({ rows: v.number(), seconds: v.number(), rss_mb: v.number() });

/** Builds the marts of Olist, or of so many copies of it, each time in a process of its own. `olist`: the folder of its tables. */
export async function measureMarts(scale: number, olist: string): Promise<MeasuredMarts> {
  if (!existsSync(olist)) throw new Error(`the bench needs the Olist tables at ${olist}`);
  const directory = await mkdtemp(path.join(tmpdir(), "penstock-bench-marts-"));
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    await makeCuratedOlist(olist, directory, scale);
    const script = fileURLToPath(new URL("prod-marts-build.ts", import.meta.url));
    const rounds: v.InferOutput<typeof Built>[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await rm(path.join(directory, "marts"), { recursive: true, force: true });
      const { stdout } = await promisify(execFile)(process.execPath, [script, directory, BUILD]);
      rounds.push(v.parse(Built, JSON.parse(stdout)));
    }
    const [median] = rounds.toSorted((a, b) => a.seconds - b.seconds).slice(Math.floor(ROUNDS / 2));
    if (median === undefined) throw new Error("nothing was measured");
    const store = directoryObjectStore(directory);
    const manifest = v.parse(MartsManifest, await store.getJson(s3Uri("marts", manifestKey(BUILD))));
    const peakRssMb = Math.max(...rounds.map(({ rss_mb }) => rss_mb));
    const { rows, seconds } = median;
    return { rows, seconds, peakRssMb, directory, manifest, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
