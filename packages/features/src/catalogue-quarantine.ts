import path from "node:path";
import {
  type CatalogueSnapshot,
  type CatalogueTable,
  type Contract,
  catalogueQuarantineKey,
  compileTable,
  type PhysicalColumn,
} from "@penstock/contracts";
import { type DuckSession, identifier, type S3Uri, s3Uri, text, toEngine } from "@penstock/runtime";
import { maskedJson } from "./catalogue-masking.ts";
import type { FeaturesPorts } from "./ports.ts";

/** Columns that the folders of files give: which snapshot, and which object of all that are read. */
export const PLACES = ["snapshot", "object"] as const;

/**
 * The rows of files of one form that break a rule of the contract: their places, number within the object from 0, sorted
 * reasons, and the row as JSON of the contract's columns, masked. `files` is a query of them with `file_row_number`.
 */
export function brokenRows(contract: Contract, shape: readonly PhysicalColumn[], files: string): string {
  const { rules } = compileTable(contract, "penstock", shape);
  const names = shape.map(({ name }) => identifier(name));
  const flags = rules.map(({ broken }, index) => `${broken} AS ${identifier(`_reason_${index}`)}`);
  const flagged = toEngine(
    `SELECT ${[...PLACES, "file_row_number"].map(identifier).join(", ")}, ${[...names, ...flags].join(", ")}
     FROM files WHERE ${rules.map(({ broken }) => `(${broken})`).join(" OR ")}`,
    "duckdb",
  );
  const reasons = rules.map(
    ({ rule }, index) => `CASE WHEN ${identifier(`_reason_${index}`)} THEN ${text(rule)} END`,
  );
  return `WITH files AS (${files})
    SELECT snapshot, object, number, reasons, ${maskedJson("row_text")} AS text FROM (
      SELECT snapshot, object, file_row_number AS number,
        list_sort(list_filter([${reasons.join(", ")}], lambda reason: reason IS NOT NULL)) AS reasons,
        CAST(to_json(struct_pack(${shape.map(asWritten).join(", ")})) AS VARCHAR) AS row_text
      FROM (${flagged}))`;
}

/** A value for JSON. A long number as its digits: a double would hide a card number as 4.111111111111111e15. */
function asWritten({ name, type }: PhysicalColumn): string {
  const column = identifier(name);
  const value = ["DOUBLE", "FLOAT"].includes(type)
    ? `CASE WHEN abs(${column}) >= 1e12 THEN CAST(TRY_CAST(${column} AS DECIMAL(38, 0)) AS VARCHAR) ELSE CAST(${column} AS VARCHAR) END`
    : column;
  return `${column} := ${value}`;
}

/**
 * Writes the rows of a table of {@link brokenRows}, an object a snapshot; the same snapshot again is the same bytes in the
 * same place.
 */
export async function quarantineRows(
  table: CatalogueTable,
  snapshots: readonly CatalogueSnapshot[],
  objects: readonly S3Uri[],
  {
    folder,
    session,
    ports: { store, settings },
  }: {
    readonly folder: string;
    readonly session: DuckSession;
    readonly ports: Pick<FeaturesPorts, "store" | "settings">;
  },
): Promise<S3Uri[]> {
  const found = await session.rows(`SELECT DISTINCT snapshot FROM ${table}_broken ORDER BY snapshot`);
  const root = s3Uri(settings.interactions, "");
  const keys = `[${objects.map((uri) => text(uri.slice(root.length))).join(", ")}]`;
  const written: S3Uri[] = [];
  for (const index of found.map((row) => Number(row.snapshot))) {
    const snapshot = snapshots[index];
    if (snapshot === undefined) continue;
    const file = path.join(folder, `${table}-broken-${index}.jsonl`);
    await session.run(`COPY (
      SELECT list_extract(${keys}, object + 1) AS object, number + 1 AS row, reasons, text
      FROM ${table}_broken b WHERE snapshot = ${index} ORDER BY b.object, b.number
    ) TO ${text(file)} (FORMAT json)`);
    const to = s3Uri(settings.features, catalogueQuarantineKey(table, snapshot));
    await store.upload(file, to, { contentType: "application/x-ndjson" });
    written.push(to);
  }
  return written;
}
