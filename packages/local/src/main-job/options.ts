import { parseArgs } from "node:util";
import { minimumRows } from "../sample/minimum-rows.ts";
import { parseTimeScale, timeScaleRefused, timeScaleUsage } from "./time-scale.ts";

/** Where the raw objects come from: the generated sample, or a folder of files of one's own. */
export type Origin = { kind: "sample"; rows: number; seed: number } | { kind: "folder"; directory: string };

export interface MainJobOptions {
  origin: Origin;
  /** Orders the uploads, and makes the sample. */
  seed: number;
  /** Leave all objects and executions as files under `.penstock/`. */
  keep: boolean;
  /** How many times as fast the state machines' clock runs while nothing works. */
  timeScale: number;
  help: boolean;
}

/** The command line cannot be understood; the message says what is wrong, the usage what is right. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export const usage = `Usage: npm start -- [--rows N] [--seed N] [--keep] [--time-scale N]
       npm start -- --data DIR [--seed N] [--keep] [--time-scale N]

Runs the main job on the embedded cloud: raw objects in, curated, pending and quarantined rows out.

  --rows N        rows of the generated sample over its eight tables (at least ${minimumRows}; default 200000)
  --data DIR      Parquet and CSV files of your own instead of the sample; a file's name says its table; or
                  a published clickstream, a person's exports with a manifest.csv, or photos of products
  --seed N        another sample and another order of uploads (0 to 2147483647; default 1)
  --keep          leave all objects as files under .penstock/, and each execution as one
  --time-scale N  ${timeScaleUsage}`;

/** @throws UsageError for an unknown flag, a flag without its value, or a value that is none. */
export function parseOptions(args: readonly string[]): MainJobOptions {
  const { rows, data, seed: seedText, keep, help, ...values } = read(args);
  if (rows !== undefined && data !== undefined) {
    throw new UsageError(
      "--rows is the size of the generated sample; it means nothing together with --data.",
    );
  }
  const seed = wholeNumber("--seed", seedText ?? "1", 0, 2_147_483_647);
  const origin: Origin =
    data === undefined
      ? { kind: "sample", rows: wholeNumber("--rows", rows ?? "200000", minimumRows, 100_000_000), seed }
      : { kind: "folder", directory: data };
  const timeScale = parseTimeScale(values["time-scale"]);
  if (timeScale === undefined) throw new UsageError(timeScaleRefused(values["time-scale"]));
  return { origin, seed, keep, timeScale, help };
}

function read(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        rows: { type: "string" },
        data: { type: "string" },
        seed: { type: "string" },
        keep: { type: "boolean", default: false },
        "time-scale": { type: "string", default: "1" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    return values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`${flag} takes a whole number from ${least} to ${most}, not "${text}".`);
}
