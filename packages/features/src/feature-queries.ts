import { createHash } from "node:crypto";
import {
  cleanGlueTable,
  cleanTables,
  FeatureAttempt,
  type FeatureGroup,
  featureTables,
  recentDays,
} from "@penstock/contracts";
import { InvalidInput, identifier, type S3Uri, text } from "@penstock/runtime";
import * as v from "valibot";
import { queryTexts } from "./query-texts.ts";
import { daysAfter } from "./run-window.ts";

/** What features are computed of: the days whose users, products or interactions get a row, and until when all counts. */
export interface FeatureWindow {
  /** First day with rows, `YYYY-MM-DD`. */
  readonly from: string;
  /** Last day that is known of; the features are as of the midnight after it. */
  readonly to: string;
}

/** The clean rows of one snapshot, as the catalogue has them. */
export interface CleanRows {
  readonly database: string;
  readonly snapshot: string;
}

/** Athena takes no longer statement, in bytes. */
const LONGEST_STATEMENT = 262_144;

/**
 * The query of a group's features over tables `interactions` and `products`, in Athena's dialect, without an order: its
 * rows are sorted by the contract's `orderBy` where they are written as one object.
 */
export function featureQuery(group: FeatureGroup, window: FeatureWindow): string {
  return bound(queryTexts[`${group}-features`], parametersOf(window));
}

/** The query of the split over a table `features`. */
export function splitQuery(): string {
  return queryTexts.split;
}

/**
 * The statement by which Athena computes a group's features and writes them below a prefix. Athena keeps no order in what
 * UNLOAD writes, so none is asked for.
 * @throws InvalidInput for values that are not of their closed forms
 */
export function featureStatement(
  group: FeatureGroup,
  window: FeatureWindow,
  { rows, to }: { readonly rows: CleanRows; readonly to: S3Uri },
): string {
  const snapshot = text(v.parse(FeatureAttempt, rows.snapshot));
  const below = ` AND day <= ${dateText(window.to)}`;
  const names = group === "item" ? (["interactions", "products"] as const) : (["interactions"] as const);
  const sources = names.map((name) => {
    const { columns, partitionKeys } = cleanTables[name];
    const source = `${databaseName(rows.database)}.${identifier(cleanGlueTable(cleanTables[name]).name)}`;
    const selected = [...columns, ...partitionKeys].map((column) => identifier(column.name)).join(", ");
    const days = name === "interactions" ? below : "";
    return [name, `SELECT ${selected} FROM ${source} WHERE snapshot = ${snapshot}${days}`] as const;
  });
  return unload(over(Object.fromEntries(sources), featureQuery(group, window)), to);
}

/**
 * The statement by which Athena splits the interaction features of an attempt for training, into folders `split=…`. The
 * partition must be registered by then.
 */
export function splitStatement(
  { database, attempt, date }: { readonly database: string; readonly attempt: string; readonly date: string },
  to: S3Uri,
): string {
  const { name, version, columns } = featureTables.interaction;
  const selected = columns.map((column) => identifier(column.name)).join(", ");
  const partition = `version = ${text(String(version))} AND "date" = ${dateText(date)} AND attempt = ${text(v.parse(FeatureAttempt, attempt))}`;
  const source = `${databaseName(database)}.${identifier(name)}`;
  // Of days after the last one that had to be computed again nothing is for training as of that day.
  const before = `occurred_at < ${midnight(daysAfter(date, 1))}`;
  const features = `SELECT ${selected} FROM ${source} WHERE ${partition} AND ${before}`;
  return unload(over({ features }, splitQuery()), to, ["split"]);
}

/** What the queries are, for lineage: the beginning of the digest of each text. */
export function queryDigests(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(queryTexts).map(([name, query]) => [
      name,
      createHash("sha256").update(query.replaceAll(/\s+/g, " ")).digest("hex").slice(0, 16),
    ]),
  );
}

function parametersOf({ from, to }: FeatureWindow): Readonly<Record<string, string>> {
  return {
    from: dateText(from),
    as_of: midnight(daysAfter(to, 1)),
    recent_from: midnight(daysAfter(to, 1 - recentDays)),
  };
}

/** Puts literals where the query has `:name`. The texts are our own: no colon stands in them for anything else. */
function bound(query: string, parameters: Readonly<Record<string, string>>): string {
  return query.replaceAll(/:([a-z_]+)/g, (place, name: string) => {
    const value = parameters[name];
    if (value === undefined) throw new InvalidInput(`${place} of a query has no value; give it one`);
    return value;
  });
}

/**
 * A query over queries instead of its tables. Each place where it reads a table has the whole query of it: put in front by
 * WITH, DuckDB would keep all rows of what is read several times in memory.
 */
function over(sources: Readonly<Record<string, string>>, query: string): string {
  return query.replaceAll(
    /\b(FROM|JOIN) (interactions|products|features) ([a-z])\b/g,
    (_, word: string, name: string, alias: string) => {
      const source = sources[name];
      if (source === undefined) throw new InvalidInput(`${name} of a query is nothing; name what it is`);
      return `${word} (${source}) ${alias}`;
    },
  );
}

function unload(query: string, to: S3Uri, partitionedBy: readonly string[] = []): string {
  // Of keys of ours, and the place that is left for the name of a try.
  if (!/^s3:\/\/[a-z0-9.-]+\/[A-Za-z0-9/_={}.-]+\/$/.test(to))
    throw new InvalidInput(`${to} is no prefix of features; write it as s3://bucket/key/`);
  const parts =
    partitionedBy.length === 0 ? "" : `, partitioned_by = ARRAY[${partitionedBy.map(text).join(", ")}]`;
  const statement = `UNLOAD (${query.trim()}) TO ${text(to)} WITH (format = 'PARQUET', compression = 'SNAPPY'${parts})`;
  if (Buffer.byteLength(statement) > LONGEST_STATEMENT)
    throw new InvalidInput(`a statement of ${Buffer.byteLength(statement)} bytes; Athena takes 262144`);
  return statement;
}

function midnight(day: string): string {
  return `TIMESTAMP ${text(`${dateText(day).slice(1, -1)} 00:00:00`)}`;
}

function dateText(day: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new InvalidInput(`"${day}" is no day; write it as YYYY-MM-DD`);
  return text(day);
}

function databaseName(name: string): string {
  if (!/^[a-z0-9_]+$/.test(name)) throw new InvalidInput(`"${name}" is no database of the catalogue`);
  return identifier(name);
}
