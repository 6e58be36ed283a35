import path from "node:path";
import {
  type FeaturePlan,
  LandedCounts,
  type LandingPart,
  landedPrefix,
  quarantineKey,
} from "@penstock/contracts";
import {
  ContractViolation,
  type DuckSession,
  identifier,
  inParallel,
  QueryFailed,
  type S3Uri,
  s3Uri,
  text,
  workDirectory,
} from "@penstock/runtime";
import * as v from "valibot";
import {
  DAMAGED,
  judgedLines,
  LANDED_COLUMNS,
  type LandedObject,
  reasonsOf,
  rejectedLines,
} from "./landing-sql.ts";
import type { FeaturesPorts } from "./ports.ts";
import { fetchLines, makeReadable } from "./raw-lines.ts";
import { readPlan } from "./read-plan.ts";
import type { LandInteractionsInput } from "./task-inputs.ts";

/** What a slice had, in numbers: `lines` = `rows` + `rejected`. */
export interface LandedSlice {
  readonly slice: number;
  readonly lines: number;
  readonly rows: number;
  readonly rejected: number;
}

/** A part that is landed now, and the numbers of its objects in the landing. */
interface OpenPart extends Pick<LandingPart, "part"> {
  readonly day: string;
  readonly digest: string;
  readonly first: number;
  readonly last: number;
}

const OBJECT = "FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 61440";

/**
 * Lands a slice: lines of JSON become typed rows by day, or go to quarantine with the object, the line's number and every
 * reason. Done again it writes the same bytes at the same keys.
 * @throws ObjectChanged, ObjectMissing when a raw object is another one than was planned, or none
 */
export async function landInteractions(
  { plan: uri, slice }: LandInteractionsInput,
  ports: FeaturesPorts,
): Promise<LandedSlice> {
  const { store, settings } = ports;
  const plan = await readPlan(store, uri);
  const { parts, raw } = openParts(plan, slice);
  const skew = settings.clockSkewMinutes * 60_000;
  const objects = raw.map(({ object, day }): LandedObject => {
    const latest = new Date(Date.parse(object.last_modified) + skew);
    return { key: object.uri.slice(s3Uri(settings.interactions, "").length), day, latest };
  });
  await using work = await workDirectory();
  await using session = await ports.openSession(path.join(work.path, "spill"), true);
  const { files } = await fetchLines(
    raw.map(({ object }) => object),
    path.join(work.path, "raw"),
    store,
  );
  await readLines(session, files, objects);
  const damaged = files.flatMap((file, index) => (file === undefined ? [index] : []));
  const counts = await countParts(session, parts, damaged);
  await writeParts(parts, counts, { work: work.path, session, ports });
  const sum = (of: "lines" | "rows" | "rejected") => counts.reduce((total, each) => total + each[of], 0);
  return { slice, lines: sum("lines"), rows: sum("rows"), rejected: sum("rejected") };
}

function openParts({ days }: FeaturePlan, slice: number) {
  const raw: { object: LandingPart["objects"][number]; day: string }[] = [];
  const parts = days.flatMap(({ day, digest, parts: all }) =>
    all
      .filter((part) => part.slice === slice)
      .map(({ part, objects }): OpenPart => {
        const first = raw.length;
        raw.push(...objects.map((object) => ({ object, day })));
        return { day, digest, part, first, last: raw.length - 1 };
      }),
  );
  return { parts, raw };
}

/** Makes the tables `lines` and `rejected`, the latter with the number of each line within its object. */
async function readLines(
  session: DuckSession,
  files: readonly (string | undefined)[],
  objects: readonly LandedObject[],
): Promise<void> {
  const whole = files.filter((file) => file !== undefined);
  const judge = () => session.run(`CREATE TABLE lines AS ${judgedLines(whole, objects)}`);
  await judge().catch(async (error: unknown) => {
    // Something in one of the files is no text, or no lines as DuckDB reads them: it says so only in the middle of it.
    if (!(error instanceof QueryFailed)) throw error;
    await inParallel(whole, makeReadable);
    await judge();
  });
  const keys = `[${objects.map(({ key }) => text(key)).join(", ")}]`;
  await session.run(`CREATE TABLE rejected AS
    SELECT r.object, list_extract(${keys}, r.object + 1) AS key, r.number - f.first + 1 AS line, r.reasons,
      COALESCE(hidden_cards([r.line])[1], r.line) AS text
    FROM (${rejectedLines("lines", objects)}) r
    JOIN (SELECT object, min(rowid) AS first FROM lines GROUP BY object) f ON f.object = r.object`);
  // One that cannot be unpacked is rejected whole, as one line whose text nobody knows.
  const damaged = objects.flatMap(({ key }, object) =>
    files[object] === undefined ? [`(${object}, ${text(key)}, 0, [${text(DAMAGED)}], NULL)`] : [],
  );
  if (damaged.length > 0) await session.run(`INSERT INTO rejected VALUES ${damaged.join(", ")}`);
}

async function countParts(
  session: DuckSession,
  parts: readonly OpenPart[],
  damaged: readonly number[],
): Promise<LandedCounts[]> {
  const ofObjects = await session.rows(`
    SELECT l.object, count(*) FILTER (_kind <> 'blank') AS lines, count(*) FILTER (_kind = 'row') AS rows,
      count(*) FILTER (_kind = 'rejected') AS rejected
    FROM lines l GROUP BY l.object`);
  const unordered = await session.rows(`
    SELECT object, count(*) AS rows FROM (
      SELECT object, lag(occurred_at) OVER (PARTITION BY object, session ORDER BY number) > occurred_at AS back
      FROM (SELECT object, hash(session_id) AS session, occurred_at, rowid AS number FROM lines WHERE _kind = 'row')
    ) WHERE back GROUP BY object`);
  const reasons = await session.rows(
    "SELECT object, reason, count(*) AS lines FROM (SELECT object, unnest(reasons) AS reason FROM rejected) GROUP BY ALL ORDER BY ALL",
  );
  const listed = (check: "schema" | "types") => `[${reasonsOf(check).map(text).join(", ")}]`;
  const broken = await session.rows(`
    SELECT object, count(*) FILTER (list_has_any(reasons, ${listed("schema")})) AS schema,
      count(*) FILTER (list_has_any(reasons, ${listed("types")})) AS types
    FROM rejected GROUP BY object`);
  return parts.map((part) => {
    const within = ({ object }: { object?: unknown }) =>
      Number(object) >= part.first && Number(object) <= part.last;
    const sum = (rows: readonly Record<string, unknown>[], of: string) =>
      rows.filter(within).reduce((total, row) => total + Number(row[of]), 0);
    const lost = damaged.filter((object) => within({ object })).length;
    const found: Record<string, number> = {};
    for (const { reason, lines } of reasons.filter(within))
      found[String(reason)] = (found[String(reason)] ?? 0) + Number(lines);
    const counts = v.parse(LandedCounts, {
      lines: sum(ofObjects, "lines") + lost,
      rows: sum(ofObjects, "rows"),
      rejected: sum(ofObjects, "rejected") + lost,
      reasons: found,
      broken: { schema: sum(broken, "schema"), types: sum(broken, "types") },
      unordered: sum(unordered, "rows"),
    });
    if (counts.lines !== counts.rows + counts.rejected)
      throw new ContractViolation(
        `${part.day} part ${part.part}: ${counts.lines} lines, but ${counts.rows} rows and ${counts.rejected} rejected`,
      );
    return counts;
  });
}

/** Writes what there is of each part; the counts last, since they tell that a part is landed. */
async function writeParts(
  parts: readonly OpenPart[],
  counts: readonly LandedCounts[],
  { work, session, ports }: { work: string; session: DuckSession; ports: FeaturesPorts },
): Promise<void> {
  const { store, settings } = ports;
  const to = (key: string): S3Uri => s3Uri(settings.features, key);
  const columns = Object.keys(LANDED_COLUMNS).map(identifier).join(", ");
  const written = parts.map(({ day, digest, part, first, last }, index) => {
    const landed = `${landedPrefix(day, digest)}part-${part}`;
    const within = `object BETWEEN ${first} AND ${last}`;
    // In the order of the lines: DuckDB keeps it, see `keepsOrder` of the session.
    const rows = `SELECT ${columns}, ${text(day)} AS day, epoch_us(occurred_at) // 60000000 AS minute FROM lines WHERE ${within} AND _kind = 'row'`;
    const rejected = `SELECT key AS object, line, reasons, text FROM rejected WHERE ${within} ORDER BY rejected.object, line`;
    const counted = counts[index];
    const files = [
      {
        wanted: counted !== undefined && counted.rows > 0,
        uri: to(`${landed}.parquet`),
        sql: (file: string) => `COPY (${rows}) TO ${text(file)} (${OBJECT})`,
        contentType: "application/vnd.apache.parquet",
      },
      {
        wanted: counted !== undefined && counted.rejected > 0,
        uri: to(quarantineKey(day, digest, part)),
        sql: (file: string) => `COPY (${rejected}) TO ${text(file)} (FORMAT json)`,
        contentType: "application/x-ndjson",
      },
    ];
    return {
      files: files
        .filter(({ wanted }) => wanted)
        .map((each, place) => ({ ...each, file: path.join(work, `${index}-${place}`) })),
      told: { uri: to(`${landed}.json`), counted },
    };
  });
  await session.all(written.flatMap(({ files }) => files.map(({ sql, file }) => sql(file))));
  await inParallel(written, async ({ files, told }) => {
    for (const { file, uri, contentType } of files) await store.upload(file, uri, { contentType });
    await store.putJson(told.uri, told.counted);
  });
}
