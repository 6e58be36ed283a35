import { rm } from "node:fs/promises";
import path from "node:path";
import {
  type CleanDay,
  type CleanSnapshot,
  cleanPrefix,
  cleanTables,
  type FeaturePlan,
  FeaturesManifest,
  featureTables,
} from "@penstock/contracts";
import { type DuckSession, identifier, isS3Uri, type ObjectStore, s3Uri } from "@penstock/runtime";
import * as v from "valibot";
import { fetchObjects, objectsBelow, viewOfRows } from "./feature-objects.ts";
import { onlineGroups } from "./online-store.ts";

/** Ids of each group that had clean rows and have none any more, as publishing reads them at {@link takenBackKey}. */
export const TakenBack = v.strictObject({ user: v.array(v.string()), item: v.array(v.string()) });
export type TakenBack = v.InferOutput<typeof TakenBack>;

/** Key of the ids that an attempt takes out of the online store. */
export function takenBackKey(attempt: string): string {
  return `profiles/${attempt}-taken-back.json`;
}

/** Days whose clean rows are looked at together, and rows after which no more are. */
const DAYS = 31;
const MOST_ROWS = 20_000_000;

/** Where it is looked. The session has a view of each group's rows, those of the attempt, by the group's name. */
export interface Looking {
  readonly store: ObjectStore;
  readonly session: DuckSession;
  readonly folder: string;
  readonly bucket: string;
}

type Days = readonly (readonly [day: string, clean: CleanDay])[];

/**
 * Users and products whose last clean row a run has taken back: it was proven a machine's or a duplicate, the product was not
 * for sale, or the raw object is gone. Nobody computes features of them any more, so that what is online of them would stay
 * until its time is over.
 *
 * Who has rows in what was current of the days that the attempt cleaned anew, and no features of the attempt, is looked for in
 * all other days; seldom is anybody left to look for. A weekly run has everybody who has a row: it takes those of the last
 * weekly one for the days that were computed with that. After so many rows looking ends, and who was not found stays online
 * until a weekly run misses them among those of the one before, or their time online is over.
 */
export async function takenBack(
  plan: Pick<FeaturePlan, "base" | "mode" | "clean_from" | "to">,
  snapshot: Pick<CleanSnapshot, "days">,
  looking: Looking,
): Promise<TakenBack> {
  const { store, session } = looking;
  if (plan.base === null) return { user: [], item: [] };
  const base = v.parse(FeaturesManifest, await store.getJson(plan.base.manifest));
  const week = plan.mode === "weekly" ? base.recent.weekly : null;
  for (const group of onlineGroups) await session.run(`CREATE TABLE gone_${group} (id VARCHAR)`);

  for (const group of week === null ? [] : onlineGroups) {
    const uris = week?.[group].objects.map(({ uri }) => uri).filter(isS3Uri) ?? [];
    const there = await Promise.all(uris.map((uri) => store.head(uri)));
    if (there.includes(undefined)) continue;
    const { files } = await fetchObjects(uris, path.join(looking.folder, `week-${group}`), looking);
    await session.run(`CREATE VIEW week_${group} AS ${viewOfRows(featureTables[group].columns, files)}`);
    await session.run(insertGone(group, `week_${group}`));
  }
  const cleanedAnew = Object.entries(base.snapshot.days).filter(
    ([day, { attempt, rows }]) =>
      rows > 0 && snapshot.days[day]?.attempt !== attempt && attempt !== week?.attempt,
  );
  for (const some of inPieces(cleanedAnew))
    await overRows(some, looking, async (rows) => {
      for (const group of onlineGroups) await session.run(insertGone(group, rows));
    });

  const others = Object.entries(snapshot.days).filter(
    ([day, { rows }]) => rows > 0 && (day < plan.clean_from || day > plan.to),
  );
  let seen = 0;
  for (const some of inPieces(others.toSorted().toReversed())) {
    if ((await left(session)) === 0) break;
    if (seen > MOST_ROWS) return { user: [], item: [] };
    seen += some.reduce((sum, [, { rows }]) => sum + rows, 0);
    await overRows(some, looking, async (rows) => {
      for (const group of onlineGroups)
        await session.run(
          `DELETE FROM gone_${group} WHERE id IN (SELECT ${identifier(featureTables[group].key)} FROM ${rows})`,
        );
    });
  }
  const ids = async (group: string) =>
    (await session.rows(`SELECT id FROM gone_${group} ORDER BY id`)).map(({ id }) => String(id));
  return { user: await ids("user"), item: await ids("item") };
}

/** Those of some rows who have no features of the attempt. */
function insertGone(group: (typeof onlineGroups)[number], rows: string): string {
  const key = identifier(featureTables[group].key);
  return `INSERT INTO gone_${group} SELECT DISTINCT b.${key} FROM ${rows} b
    LEFT JOIN ${identifier(group)} o ON o.${key} = b.${key} LEFT JOIN gone_${group} g ON g.id = b.${key}
    WHERE o.${key} IS NULL AND g.id IS NULL`;
}

async function left(session: DuckSession): Promise<number> {
  const counts = onlineGroups.map((group) => `(SELECT count(*) FROM gone_${group})`);
  const [row] = await session.rows(`SELECT ${counts.join(" + ")} AS n`);
  return Number(row?.n);
}

function inPieces(days: Days): Days[] {
  return Array.from({ length: Math.ceil(days.length / DAYS) }, (_, at) =>
    days.slice(at * DAYS, (at + 1) * DAYS),
  );
}

/** Has the clean rows of some days as a view while somebody looks at them. Objects that have expired are no rows. */
async function overRows(
  days: Days,
  { store, session, folder, bucket }: Looking,
  look: (rows: string) => Promise<void>,
): Promise<void> {
  const prefixes = days.map(([day, { attempt }]) =>
    s3Uri(bucket, `${cleanPrefix(attempt)}interactions/day=${day}/`),
  );
  const uris = await Promise.all(prefixes.map((prefix) => objectsBelow(prefix, store)));
  const place = path.join(folder, "days");
  const { files } = await fetchObjects(uris.flat(), place, { store, session });
  await session.run(
    `CREATE OR REPLACE VIEW clean_rows AS ${viewOfRows(cleanTables.interactions.columns, files)}`,
  );
  await look("clean_rows");
  await rm(place, { recursive: true, force: true });
}
