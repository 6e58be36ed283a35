import { readFile } from "node:fs/promises";
import path from "node:path";
import { type Contract, contracts, latestFirst, tableRules, violationsKey } from "@penstock/contracts";
import { type DuckSession, identifier, ObjectMissing, s3Uri, text, toEngine } from "@penstock/runtime";
import { parquetRows } from "./parquet-rows.ts";
import type { LakePorts } from "./ports.ts";
import { of, sameKey, survivorsSql } from "./reconcile-steps.ts";
import type { Judgement } from "./reconcile-table.ts";
import { identifiers } from "./sql-text.ts";

/** Orders that break a rule over several tables. */
export interface Violations {
  readonly count: number;
  /** False when the list in the audit bucket was the same already. */
  readonly changed: boolean;
}

/**
 * Lists the orders that break a rule over several tables, over curated and pending rows together: an order of which
 * one item waits for its product is not short of that item. Rewrites the list whole, and only when it is another one.
 */
export async function writeViolations(
  session: DuckSession,
  { store, settings }: Pick<LakePorts, "store" | "settings">,
  {
    folder,
    judgements,
  }: {
    readonly folder: string;
    readonly judgements: ReadonlyMap<string, Pick<Judgement, "pending" | "contested">>;
  },
): Promise<Violations> {
  const all: Readonly<Record<string, Contract>> = contracts;
  for (const table of new Set(tableRules.flatMap(({ tables }) => tables))) {
    const [contract, judgement] = [all[table], judgements.get(table)];
    if (contract === undefined || judgement === undefined) {
      throw new Error(`a rule over tables names "${table}", which has no contract`);
    }
    const sql = toEngine(currentRows(contract, judgement), "duckdb");
    await session.run(`CREATE OR REPLACE TEMP VIEW ${identifier(table)} AS ${sql}`);
  }
  const columns = `order_id, "rule", expected, found`;
  const rules = tableRules.map(({ sql }) => `SELECT ${columns} FROM (${toEngine(sql, "duckdb")})`);
  const file = path.join(folder, "violations.parquet");
  await session.run(
    `COPY (SELECT * FROM (${rules.join(" UNION ALL ")}) ORDER BY ${columns}) TO ${text(file)} (FORMAT parquet, COMPRESSION snappy)`,
  );
  const uri = s3Uri(settings.audit, violationsKey);
  const count = await parquetRows(file);
  const before = path.join(folder, "violations-before.parquet");
  const existed = await store.download(uri, before).then(
    () => true,
    (error: unknown) => {
      if (error instanceof ObjectMissing) return false;
      throw error;
    },
  );
  if (existed && (await readFile(file)).equals(await readFile(before))) return { count, changed: false };
  await store.upload(file, uri);
  return { count, changed: true };
}

/** One row per key, of what is curated after the pass and what still waits: the latest. */
function currentRows(
  contract: Contract,
  { pending, contested }: Pick<Judgement, "pending" | "contested">,
): string {
  const { primaryKey } = contract;
  const columns = contract.columns.map((column) => column.name);
  const settled = survivorsSql(contract, contested);
  if (pending === 0) return `SELECT ${identifiers(columns)} FROM (${settled}) s`;
  const keys = primaryKey.map((column, index) => `${identifier(column)} AS "_key_${index}"`).join(", ");
  const waits = `SELECT ${identifiers(columns)} FROM ${of(contract, "judged")} WHERE "_missing" AND NOT "_old"`;
  const waitingKeys = `SELECT DISTINCT ${keys} FROM (${waits}) w`;
  const apart = `SELECT ${identifiers(columns, "s")} FROM (${settled}) s LEFT JOIN (${waitingKeys}) k ON ${sameKey(contract, "k", "s")} WHERE k."_key_0" IS NULL`;
  const both = `SELECT ${identifiers(columns, "s")} FROM (${settled}) s JOIN (${waitingKeys}) k ON ${sameKey(contract, "k", "s")} UNION ALL ${waits}`;
  const latest = `SELECT ${identifiers(columns)} FROM (SELECT ${identifiers(columns, "b")}, row_number() OVER (PARTITION BY ${identifiers(primaryKey, "b")} ORDER BY ${latestFirst(contract, "b")}) AS "_rank" FROM (${both}) b) ranked WHERE "_rank" = 1`;
  return `${apart} UNION ALL ${latest}`;
}
