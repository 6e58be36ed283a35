import { join } from "node:path";
import { generateSample, type Sample } from "../sample/generate.ts";
import { folderInput } from "./folder-input.ts";
import type { Origin } from "./options.ts";

/** A raw object to upload. */
export interface InputObject {
  key: string;
  path: string;
  /** Twice stands for an event that comes twice. */
  uploads: 1 | 2;
}

/** What the job is run on, in the order of uploads. */
export interface Input {
  objects: InputObject[];
  /** What was planted; undefined for data of one's own. */
  planted: Pick<Sample, "ledger" | "masked" | "secrets" | "objects"> | undefined;
}

/** Makes or finds the raw objects; those that are made lie under `workDirectory`. */
export async function prepareInput(origin: Origin, workDirectory: string, today: Date): Promise<Input> {
  const directory = join(workDirectory, "input");
  if (origin.kind === "folder") return folderInput(origin.directory, directory, today);
  const sample = await generateSample({ rows: origin.rows, seed: origin.seed, directory });
  return { objects: sample.objects, planted: sample };
}
