import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as v from "valibot";
import type { CloudDescription } from "../cloud/index.ts";

/** The repository: this package lies in packages/local of it. */
export const root = path.resolve(import.meta.dirname, "../../../..");

/**
 * Where the command line keeps its state: `.penstock` of the repository, or `PENSTOCK_DIRECTORY` for a second cloud
 * beside the first (the tests run theirs so).
 */
export const stateDirectory = process.env.PENSTOCK_DIRECTORY ?? path.join(root, ".penstock");

const file = path.join(stateDirectory, "local.json");

const Description = v.object({
  app: v.string(),
  stage: v.string(),
  region: v.string(),
  endpoint: v.string(),
  pid: v.number(),
  buckets: v.array(v.string()),
  machines: v.record(v.string(), v.string()),
  queues: v.record(v.string(), v.string()),
  topics: v.record(v.string(), v.string()),
  tables: v.array(v.string()),
  functions: v.record(v.string(), v.string()),
  apis: v.record(v.string(), v.string()),
  issuers: v.record(
    v.string(),
    v.object({
      url: v.string(),
      clients: v.array(
        v.object({
          name: v.string(),
          id: v.string(),
          secret: v.optional(v.string()),
          scopes: v.array(v.string()),
          tokenSeconds: v.number(),
        }),
      ),
    }),
  ),
  distributions: v.record(v.string(), v.string()),
  youtube: v.string(),
  outputs: v.record(v.string(), v.unknown()),
});

/** No `penstock dev` is running on this machine for this checkout. */
export class NoLocalCloud extends Error {
  override readonly name = "NoLocalCloud";
  constructor() {
    super("No local cloud is running. Start one with `npm run dev` in another terminal.");
  }
}

/** Writes down where a cloud listens, for the other commands. */
export function announce(description: CloudDescription): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(description, null, 2)}\n`);
}

/** Takes the announcement of this process's cloud back. */
export function withdraw(): void {
  rmSync(file, { force: true });
}

/** The cloud that `penstock dev` runs, if there is one and it answers. A file left by one that crashed is no cloud. */
export async function runningCloud(): Promise<CloudDescription | undefined> {
  let announced: CloudDescription;
  try {
    announced = v.parse(Description, JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
  try {
    const answer = await fetch(`${announced.endpoint}/_penstock`, { signal: AbortSignal.timeout(2000) });
    const description = v.parse(Description, await answer.json());
    return description.pid === announced.pid ? description : undefined;
  } catch {
    return undefined;
  }
}
