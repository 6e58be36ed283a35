import path from "node:path";
import {
  type CleanSnapshot,
  cleanPrefix,
  cleanTables,
  type Evidence,
  type Feature,
  type FeatureGroup,
  featureTables,
  recentDays,
} from "@penstock/contracts";
import { type DuckSession, identifier, type ObjectStore, s3Uri, text, toEngine } from "@penstock/runtime";
import { fetchObjects, objectsBelow, viewOfRows } from "./feature-objects.ts";
import { daysAfter } from "./run-window.ts";

/** A feature that is null in every row of its group. */
export interface NullFeature {
  readonly group: FeatureGroup;
  readonly feature: Feature;
}

/** Days whose clean rows are looked at together, and rows after which no more are. */
const DAYS = 31;
const MOST_ROWS = 20_000_000;

/**
 * Which of the features that are null everywhere need not be: clean rows hold what they are made of, for one of the run's
 * own users, products or interactions. A day's features may be null for its few users, who never bought anything, though
 * others did.
 *
 * Clean rows are looked through from the newest day back until something is found or so many rows were seen: of what a
 * shop has no data at all, no run has to read the whole history.
 *
 * @param to last day that the features know of: nothing after it is evidence
 * @param session has a view of each group's rows by the group's name
 */
export async function withEvidence(
  features: readonly NullFeature[],
  {
    snapshot,
    bucket,
    to,
  }: { readonly snapshot: CleanSnapshot; readonly bucket: string; readonly to: string },
  {
    store,
    session,
    folder,
  }: { readonly store: ObjectStore; readonly session: DuckSession; readonly folder: string },
): Promise<readonly NullFeature[]> {
  // What is never null by its definition is a defect then, whatever the sources hold.
  const found = features.filter(({ feature }) => feature.evidence === undefined);
  let left = features.filter(({ feature }) => feature.evidence !== undefined);
  const look = async (from: "interactions" | "products" | "users", prefixes: readonly string[]) => {
    const asked = left.filter(({ feature }) => feature.evidence?.from === from);
    if (asked.length === 0) return;
    const uris = await Promise.all(prefixes.map((prefix) => objectsBelow(s3Uri(bucket, prefix), store)));
    const { files } = await fetchObjects(uris.flat(), path.join(folder, from, prefixes[0] ?? ""), {
      store,
      session,
    });
    await session.run(
      `CREATE OR REPLACE VIEW evidence_rows AS ${viewOfRows(cleanTables[from].columns, files)}`,
    );
    for (const one of asked) {
      const [row] = await session.rows(toEngine(query(one, to), "duckdb"));
      if (row?.n === 0) continue;
      found.push(one);
      left = left.filter((other) => other !== one);
    }
  };
  await look("products", [`${cleanPrefix(snapshot.products.attempt)}products/`]);
  await look("users", [`${cleanPrefix(snapshot.users.attempt)}users/`]);
  const days = Object.entries(snapshot.days)
    .filter(([day]) => day <= to)
    .toSorted()
    .toReversed();
  let seen = 0;
  while (days.length > 0 && seen < MOST_ROWS && left.length > 0) {
    const some = days.splice(0, DAYS);
    await look(
      "interactions",
      some.map(([day, { attempt }]) => `${cleanPrefix(attempt)}interactions/day=${day}/`),
    );
    seen += some.reduce((sum, [, { rows }]) => sum + rows, 0);
  }
  return found;
}

/** Counts up to one clean row that would have given the feature a value in one of the group's rows. */
function query({ group, feature }: NullFeature, to: string): string {
  const { from, where, beforeRecent }: Evidence = feature.evidence ?? {
    from: "interactions",
    where: "1 = 0",
  };
  const until = `TIMESTAMP ${text(`${daysAfter(to, 1 - recentDays)} 00:00:00`)}`;
  const rows = `SELECT * FROM evidence_rows WHERE (${where})${beforeRecent === true ? ` AND occurred_at < ${until}` : ""}`;
  const key = group === "interaction" ? "user_id" : featureTables[group].key;
  // What an interaction is told by happened before it.
  const subjects =
    group === "interaction"
      ? `SELECT user_id AS subject, max(occurred_at) AS until FROM ${identifier(group)} GROUP BY user_id`
      : `SELECT ${key} AS subject FROM ${identifier(group)}`;
  const before = group === "interaction" && from === "interactions" ? " AND e.occurred_at < s.until" : "";
  return `SELECT count(*) AS n FROM (${rows}) e JOIN (${subjects}) s ON e.${identifier(key)} = s.subject${before}`;
}
