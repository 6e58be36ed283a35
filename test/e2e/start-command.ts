import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";

export const root = resolve(import.meta.dirname, "../..");

/** What `npm start` printed and how it ended. */
export interface Ended {
  status: number | null;
  output: string;
  errors: string;
  /** Where it left the objects, when it was asked to keep them. */
  kept: string | undefined;
}

/** Runs `npm start -- …` as a newcomer would, in a process of its own. */
export function npmStart(...args: string[]): Promise<Ended> {
  return run("npm", ["start", "--silent", "--", ...args]);
}

/** Runs what `npm start` runs once everything is set up. */
export function penstockStart(...args: string[]): Promise<Ended> {
  return run(process.execPath, [join(root, "packages/local/src/cli/penstock.ts"), "start", ...args]);
}

async function run(program: string, args: string[]): Promise<Ended> {
  const child = spawn(program, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const status = await new Promise<number | null>((done, fail) => {
    child.on("error", fail).on("close", done);
  });
  return { status, output, errors, kept: /^The objects are under (.+?),/m.exec(output)?.[1] };
}

/** One line of the report's table. */
export interface PrintedLine {
  rowsIn: number;
  curated: number;
  duplicates: number;
  pending: number;
  quarantined: number;
  masked: number;
  /** Planted and found; undefined for data of one's own. */
  planted: number | undefined;
  found: number | undefined;
}

/** The lines of the printed table by name, `total` among them. */
export function printedTable(output: string): Map<string, PrintedLine> {
  const line = /^(\w+) +(\d+) +(\d+) +(\d+) +(\d+) +(\d+) +(\d+) +\d+\.\d s(?: +(\d+) \/ (\d+))?\s*$/gm;
  return new Map(
    [...output.matchAll(line)].map(([, name = "", ...cells]) => {
      const [rowsIn = 0, curated = 0, duplicates = 0, pending = 0, quarantined = 0, masked = 0] =
        cells.map(Number);
      const [planted, found] = cells.slice(6).map((cell) => (cell === undefined ? undefined : Number(cell)));
      return [name, { rowsIn, curated, duplicates, pending, quarantined, masked, planted, found }];
    }),
  );
}

/** Removes what a run was asked to keep. */
export async function discard({ kept }: Pick<Ended, "kept">): Promise<void> {
  if (kept !== undefined) await rm(kept, { recursive: true, force: true });
}
