import path from "node:path";
import { FeaturesProfile, featureTables, type OnlineItem, profileKey } from "@penstock/contracts";
import {
  type DuckSession,
  identifier,
  isS3Uri,
  type Row,
  type S3Uri,
  s3Uri,
  text,
  workDirectory,
} from "@penstock/runtime";
import * as v from "valibot";
import { fetchObjects, viewOfRows } from "./feature-objects.ts";
import { isLater } from "./feature-order.ts";
import { type OnlineGroup, type OnlineStore, onlineGroups } from "./online-store.ts";
import type { FeaturesPorts } from "./ports.ts";
import { readPlan } from "./read-plan.ts";
import { TakenBack, takenBackKey } from "./taken-back.ts";

export interface ParityPorts extends FeaturesPorts {
  readonly online: OnlineStore;
}

/** What a comparison of both stores found. */
export interface Parity {
  /** Keys that were compared. */
  readonly sampled: number;
  /** Keys that are not online, hold something else there, or are there though they have no row any more. */
  readonly mismatches: number;
  /** Keys that hold later features online, which are not to be compared. */
  readonly later: number;
  /** What differed: names of features, `missing`, `version`, `taken_back`. Never a value. */
  readonly differing: readonly string[];
}

/**
 * Compares a sample of an attempt's keys online and offline, feature by feature. The sample is drawn by the attempt's name:
 * the same for the same attempt. Offline values are read by DuckDB, other than by those who published them.
 */
export async function checkParity(
  { plan: uri }: { readonly plan: S3Uri },
  { store, settings, openSession, online }: ParityPorts,
): Promise<Parity> {
  const plan = await readPlan(store, uri);
  const profile = v.parse(
    FeaturesProfile,
    await store.getJson(s3Uri(settings.features, profileKey(plan.attempt))),
  );
  await using work = await workDirectory();
  await using session = await openSession(path.join(work.path, "spill"));
  const { looked_at: planned_at } = plan;
  const taken = await takenBackOf(plan.attempt, { store, settings });
  let sampled = 0;
  let mismatches = 0;
  let later = 0;
  const differing = new Set<string>();
  for (const group of onlineGroups) {
    const uris = profile.features[group].objects.map((object) => object.uri).filter(isS3Uri);
    const { files } = await fetchObjects(uris, path.join(work.path, group), { store, session });
    const rows = await sampleOf(group, files, { seed: plan.attempt, size: settings.online.sample }, session);
    const { key } = featureTables[group];
    const there = await online.items(
      group,
      rows.map((row) => String(row[key])),
    );
    // Whoever has no row any more should not be there either.
    const gone = taken[group].slice(0, settings.online.sample);
    const heads = await online.heads(group, gone);
    const left = [...heads.values()].filter((head) => Date.parse(head.planned_at) < Date.parse(planned_at));
    sampled += gone.length;
    mismatches += left.length;
    if (left.length > 0) differing.add(`${group}.taken_back`);
    for (const row of rows) {
      const item = there.get(String(row[key]));
      if (item !== undefined && isLater({ ...item, attempt: item.run }, { ...plan, planned_at })) {
        later += 1;
        continue;
      }
      sampled += 1;
      const names = differences(group, row, item);
      if (names.length > 0) mismatches += 1;
      for (const name of names) differing.add(`${group}.${name}`);
    }
  }
  return { sampled, mismatches, later, differing: [...differing].toSorted() };
}

/** Ids that the attempt was to take out of the store. */
async function takenBackOf(
  attempt: string,
  { store, settings }: Pick<ParityPorts, "store" | "settings">,
): Promise<TakenBack> {
  const place = s3Uri(settings.features, takenBackKey(attempt));
  if ((await store.head(place)) === undefined) return { user: [], item: [] };
  return v.parse(TakenBack, await store.getJson(place));
}

async function sampleOf(
  group: OnlineGroup,
  files: readonly string[],
  { seed, size }: { readonly seed: string; readonly size: number },
  session: DuckSession,
): Promise<Row[]> {
  const { key, columns } = featureTables[group];
  const drawn = `md5(concat(${identifier(key)}, ${text(seed)}))`;
  return session.rows(
    `SELECT * FROM (${viewOfRows(columns, files)}) ORDER BY ${drawn}, ${identifier(key)} LIMIT ${size}`,
  );
}

function differences(group: OnlineGroup, row: Row, item: OnlineItem | undefined): string[] {
  const { features, version } = featureTables[group];
  if (item === undefined) return ["missing"];
  if (item.version !== version) return ["version"];
  return features
    .map(({ name }) => name)
    .filter((name) => (row[name] ?? null) !== (item.features[name] ?? null));
}
