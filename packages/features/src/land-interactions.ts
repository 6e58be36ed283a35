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
  type Row,
  type S3Uri,
  s3Uri,
  text,
  workDirectory,
} from "@penstock/runtime";
import * as v from "valibot";
import {
  judgedLines,
  LANDED_COLUMNS,
  type LandedObject,
  otherLines,
  plainRows,
  reasonsOf,
  siftedLines,
} from "./landing-sql.ts";
import { maskedLine } from "./masked-line.ts";
import type { FeaturesPorts } from "./ports.ts";
import { fetchLines, type RawLines } from "./raw-lines.ts";
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

/**
 * DuckDB tries a dictionary for each column until it has so many values; ids have one per row, and the tries for them cost a
 * fifth of the writing.
 */
const OBJECT = "FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 61440, DICTIONARY_SIZE_LIMIT 500";

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
  const lines = await fetchLines(
    raw.map(({ object }) => object),
    path.join(work.path, "raw"),
    store,
  );
  const mixed = await readLines(session, lines, objects);
  const counts = await countParts(session, parts, lines, mixed);
  await writeParts(parts, counts, { work: work.path, session, ports, mixed });
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

const COLUMNS = Object.keys(LANDED_COLUMNS).map(identifier).join(", ");

/**
 * Makes the tables `lines`, of all lines in their order, sound where they are plain and right; `judged`, of every other
 * line that is not blank, with the same columns, its reasons and the number of its row in `lines`; and `rejected`, with the
 * number of each line within its object, 0 for what is said of the object. Returns whether rows are in both of the former.
 */
async function readLines(
  session: DuckSession,
  lines: readonly RawLines[],
  objects: readonly LandedObject[],
): Promise<boolean> {
  const plain = lines.flatMap((each) => each.plain ?? []);
  const others = lines.flatMap((each) => each.others ?? []);
  const columns = Object.entries(LANDED_COLUMNS).map(([name]) => `${identifier(name)} ${landedType(name)}`);
  await session.run(
    plain.length > 0
      ? `CREATE TABLE lines AS ${plainRows(plain, objects)}`
      : `CREATE TABLE lines (${columns.join(", ")}, object INTEGER, sound BOOLEAN)`,
  );
  await session.run(
    `CREATE TABLE judged (${columns.join(", ")}, object INTEGER, number BIGINT, line VARCHAR, reasons VARCHAR[])`,
  );
  const [found] = await session.rows("SELECT count(*) AS wrong FROM lines WHERE sound = FALSE");
  const sources = [
    ...(others.length === 0
      ? []
      : [
          `SELECT g.number, g.object, o.line
           FROM (SELECT rowid AS number, object, row_number() OVER (PARTITION BY object ORDER BY rowid) AS place FROM lines WHERE sound IS NULL) g
           JOIN (${otherLines(others)}) o ON o.object = g.object AND o.place = g.place WHERE o.line <> ''`,
        ]),
    ...(Number(found?.wrong) === 0
      ? []
      : [
          `SELECT s.number, s.object, s.line FROM (${siftedLines(plain)}) s
           JOIN (SELECT rowid AS number FROM lines WHERE sound = FALSE) w ON w.number = s.number`,
        ]),
  ];
  for (const source of sources) await session.run(`INSERT INTO judged ${judgedLines(source, objects)}`);
  const keys = `[${objects.map(({ key }) => text(key)).join(", ")}]`;
  await session.run(
    "CREATE TABLE rejected (object INTEGER, key VARCHAR, line BIGINT, reasons VARCHAR[], text VARCHAR)",
  );
  if (sources.length > 0)
    await session.run(`INSERT INTO rejected
      SELECT j.object, list_extract(${keys}, j.object + 1), j.number - f.first + 1, j.reasons, ${maskedLine("j.line")}
      FROM judged j JOIN (SELECT object, min(rowid) AS first FROM lines GROUP BY object) f ON f.object = j.object
      WHERE len(j.reasons) > 0`);
  const faults = objects.flatMap(({ key }, object) => {
    const fault = lines[object]?.fault;
    return fault === undefined ? [] : [`(${object}, ${text(key)}, 0, [${text(fault)}], NULL)`];
  });
  if (faults.length > 0) await session.run(`INSERT INTO rejected VALUES ${faults.join(", ")}`);
  const [sound] = await session.rows("SELECT count(*) AS rows FROM judged WHERE len(reasons) = 0");
  return Number(sound?.rows) > 0;
}

function landedType(name: string): string {
  return { occurred_at: "TIMESTAMP", rating: "DOUBLE" }[name] ?? "VARCHAR";
}

/** The rows of a landing, in the order of their lines: DuckDB keeps it, see `keepsOrder` of the session. */
function landedRows(columns: string, mixed: boolean, within = "TRUE"): string {
  const plain = `SELECT ${columns}, object, rowid AS number FROM lines WHERE sound AND ${within}`;
  if (!mixed) return plain;
  return `SELECT * FROM (${plain} UNION ALL SELECT ${columns}, object, number FROM judged WHERE len(reasons) = 0 AND ${within}) ORDER BY number`;
}

/**
 * How many rows are earlier than the row of their session before them, by object. Looked for in the sessions only that have
 * a row earlier than any before it in the object: in many objects there is none. All rows of an object are of one day.
 */
async function unorderedRows(session: DuckSession, mixed: boolean): Promise<Row[]> {
  const rows = landedRows("session_id, occurred_at", mixed);
  const place = "object::BIGINT * 86400000000 + epoch_us(occurred_at) % 86400000000";
  await session.run(`CREATE TABLE late AS SELECT DISTINCT object, hash(session_id) AS session FROM (
    SELECT object, session_id, ${place} AS place, max(${place}) OVER (ROWS UNBOUNDED PRECEDING) AS latest FROM (${rows})
  ) WHERE place < latest`);
  return session.rows(`SELECT object, count(*) AS rows FROM (
    SELECT object, lag(occurred_at) OVER (PARTITION BY object, session ORDER BY number) > occurred_at AS back
    FROM (SELECT object, hash(session_id) AS session, occurred_at, number FROM (${rows}))
    SEMI JOIN late USING (object, session)
  ) WHERE back GROUP BY object`);
}

async function countParts(
  session: DuckSession,
  parts: readonly OpenPart[],
  lines: readonly RawLines[],
  mixed: boolean,
): Promise<LandedCounts[]> {
  const plain = await session.rows(
    "SELECT object, count(*) FILTER (sound) AS rows FROM lines GROUP BY object",
  );
  const judged = await session.rows(
    "SELECT object, count(*) FILTER (len(reasons) = 0) AS rows, count(*) FILTER (len(reasons) > 0) AS rejected FROM judged GROUP BY object",
  );
  const unordered = await unorderedRows(session, mixed);
  const reasons = await session.rows(
    "SELECT object, reason, count(*) AS lines FROM (SELECT object, unnest(reasons) AS reason FROM judged) GROUP BY ALL ORDER BY ALL",
  );
  const listed = (check: "schema" | "types") => `[${reasonsOf(check).map(text).join(", ")}]`;
  const broken = await session.rows(`
    SELECT object, count(*) FILTER (list_has_any(reasons, ${listed("schema")})) AS schema,
      count(*) FILTER (list_has_any(reasons, ${listed("types")})) AS types
    FROM judged GROUP BY object`);
  const read = await session.rows(`
    SELECT l.object AS object, count(*) - count(*) FILTER (l.sound IS NULL AND j.number IS NULL) AS lines
    FROM lines l LEFT JOIN judged j ON j.number = l.rowid GROUP BY l.object`);
  return parts.map((part) => {
    const within = ({ object }: { object?: unknown }) =>
      Number(object) >= part.first && Number(object) <= part.last;
    const sum = (rows: readonly Record<string, unknown>[], of: string) =>
      rows.filter(within).reduce((total, row) => total + Number(row[of]), 0);
    const found: Record<string, number> = {};
    for (const { reason, lines: of } of reasons.filter(within))
      found[String(reason)] = (found[String(reason)] ?? 0) + Number(of);
    const faults: Record<string, number> = {};
    for (const { fault } of lines.slice(part.first, part.last + 1))
      if (fault !== undefined) faults[fault] = (faults[fault] ?? 0) + 1;
    const counts = v.parse(LandedCounts, {
      lines: sum(read, "lines"),
      rows: sum(plain, "rows") + sum(judged, "rows"),
      rejected: sum(judged, "rejected"),
      reasons: found,
      broken: { schema: sum(broken, "schema"), types: sum(broken, "types") },
      unordered: sum(unordered, "rows"),
      faults,
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
  {
    work,
    session,
    ports,
    mixed,
  }: { work: string; session: DuckSession; ports: FeaturesPorts; mixed: boolean },
): Promise<void> {
  const { store, settings } = ports;
  const to = (key: string): S3Uri => s3Uri(settings.features, key);
  const written = parts.map(({ day, digest, part, first, last }, index) => {
    const landed = `${landedPrefix(day, digest)}part-${part}`;
    const within = `object BETWEEN ${first} AND ${last}`;
    const rows = `SELECT ${COLUMNS}, ${text(day)} AS day, epoch_us(occurred_at) // 60000000 AS minute FROM (${landedRows(COLUMNS, mixed, within)})`;
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
        wanted: counted !== undefined && counted.rejected + Object.keys(counted.faults).length > 0,
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
