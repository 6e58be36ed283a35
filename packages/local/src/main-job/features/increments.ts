import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import type { FeatureGroup } from "@penstock/contracts";
import { type DuckSession, identifier, openSession } from "@penstock/runtime";
import { type Check, check } from "../balance.ts";
import type { Run } from "../run.ts";
import type { FeatureRun } from "./feature-run.ts";
import { viewObjects } from "./view-objects.ts";

/**
 * Holds daily runs against one over all their days, where features are defined so that they must agree: interactions, which
 * know what was before them and nothing else, row by row; users' counts of interactions, which are how many rows the days have of them;
 * and the users and products of the last day, whose features are as of the same midnight in both.
 *
 * @param daily each day in its turn, one at least
 * @param weekly over the same days, as of the same midnight as the last of them
 */
export async function incrementChecks(
  run: Pick<Run, "store" | "workDirectory">,
  daily: readonly FeatureRun[],
  weekly: FeatureRun,
): Promise<Check[]> {
  const folder = await mkdtemp(join(run.workDirectory, "increments-"));
  const tempDirectory = join(folder, "spill");
  await using session = await openSession({ memoryMb: 1024, threads: 2, tempDirectory });
  const view = (name: string, group: FeatureGroup, runs: readonly FeatureRun[]) => {
    const objects = runs.flatMap(({ manifest }) => manifest.features[group].objects);
    return viewObjects(name, objects, { store: run.store, session, folder });
  };
  const last = daily.slice(-1);
  await view("increments", "interaction", daily);
  await view("whole", "interaction", [weekly]);
  for (const group of ["user", "item"] as const) {
    await view(`${group}_last`, group, last);
    await view(`${group}_whole`, group, [weekly]);
  }
  const sameAsOf = last.every(({ manifest }) => manifest.features.as_of === weekly.manifest.features.as_of);
  return [
    await same(session, {
      name: "the days add up to the whole",
      some: "FROM increments",
      all: "FROM whole",
      said: (rows) =>
        `${rows} interactions have the same features, row by row, from ${daily.length} daily runs as from the weekly one`,
    }),
    await same(session, {
      name: "the days' interactions of a user are the user's count",
      some: "SELECT user_id, count(*) AS total_interactions FROM increments GROUP BY user_id",
      all: "SELECT user_id, total_interactions FROM user_whole",
      said: (rows) => `of all ${rows} users`,
    }),
    ...(sameAsOf
      ? [await lastDay(session, "user", "user_id"), await lastDay(session, "item", "product_id")]
      : []),
  ];
}

function lastDay(session: DuckSession, group: "user" | "item", key: string): Promise<Check> {
  return same(session, {
    name: `the last day's ${group === "user" ? "users" : "products"} are those of the whole`,
    some: `FROM ${group}_last`,
    all: `FROM ${group}_whole SEMI JOIN ${group}_last USING (${identifier(key)})`,
    said: (rows) => `${rows} have the same features from that day's run as from the weekly one`,
  });
}

interface Sides {
  readonly name: string;
  readonly some: string;
  readonly all: string;
  said(rows: number): string;
}

/** The same rows on both sides, as often. */
async function same(session: DuckSession, { name, some, all, said }: Sides): Promise<Check> {
  const [found] = await session.rows(`
    SELECT (SELECT count(*) FROM (${all})) AS rows,
      (SELECT count(*) FROM ((${some}) EXCEPT ALL (${all}))) AS more,
      (SELECT count(*) FROM ((${all}) EXCEPT ALL (${some}))) AS less`);
  const [more, less] = [Number(found?.more), Number(found?.less)];
  return check(
    name,
    more + less === 0
      ? []
      : [`${more} rows of the days are not in the whole, ${less} of the whole in no day`],
    said(Number(found?.rows)),
  );
}
