import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { planSample, type Sample, type SampleOptions } from "../sample/generate.ts";
import { folderInput } from "./folder-input.ts";
import type { Origin } from "./options.ts";

/** A raw object to upload. */
export interface InputObject {
  key: string;
  path: string;
  /** Twice stands for an event that comes twice. */
  uploads: 1 | 2;
}

/** What the job is run on. */
export interface Input {
  /** How many objects there will be. */
  count: number;
  /** In the order of uploads, each made when it is asked for. */
  objects: AsyncIterator<InputObject, undefined>;
  /** What was planted; undefined for data of one's own. Its counts are whole once every object was made. */
  planted: Sample | undefined;
}

/** Plans or finds the raw objects; those that are made lie under `workDirectory`. */
export async function prepareInput(origin: Origin, workDirectory: string, today: Date): Promise<Input> {
  const directory = join(workDirectory, "input");
  await mkdir(directory, { recursive: true });
  return origin.kind === "folder"
    ? folderInput(origin.directory, directory, today)
    : sampleInput(origin, directory);
}

function sampleInput(options: SampleOptions, directory: string): Input {
  const sample = planSample(options);
  async function* objects(): AsyncGenerator<InputObject, undefined> {
    for (const [place, { key, uploads, make }] of sample.files.entries()) {
      const path = join(directory, `${place}.parquet`);
      await writeFile(path, make());
      yield { key, path, uploads };
    }
  }
  return { count: sample.files.length, objects: objects(), planted: sample };
}
