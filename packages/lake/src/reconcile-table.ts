import type { Contract } from "@penstock/contracts";
import { type DuckSession, identifier, text, toEngine } from "@penstock/runtime";
import * as v from "valibot";
import { BalanceBroken } from "./metrics.ts";
import { reconcileSteps, typedNulls } from "./reconcile-steps.ts";
import type { Landed } from "./snapshot.ts";
import { identifiers } from "./sql-text.ts";

/** What a pass does to one object. `gained` and `lost` are rows of its curated half. */
export interface Effect {
  readonly landed: Landed;
  /** Rows of its pending half. */
  readonly waiting: number;
  readonly released: number;
  readonly expired: number;
  /** Waiting rows whose reasons are no longer the same: one of two parents has landed. */
  readonly stale: number;
  readonly gained: number;
  readonly lost: number;
  /** Keys of this object of which another object has the later row. */
  readonly duplicates: number;
  /** Numbers of the objects that hold those later rows. */
  readonly losesTo: readonly number[];
}

const count = v.pipe(v.union([v.number(), v.bigint()]), v.transform(Number));
const Judged = v.object({ object: count, waiting: count, released: count, expired: count, stale: count });
const Ranked = v.object({ object: count, lost: count, late_lost: count, duplicates: count });
const Losing = v.object({ loser: count, winner: count });
const Totals = v.object({ duplicates: v.nullable(count), collapsed: v.nullable(count) });

/**
 * Judges one table, whose parents have been judged before, and answers what changes, by object; objects that stay as
 * they are are left out. Throws `BalanceBroken` when the rows that leave are not those that repeat.
 */
export async function judgeTable(
  session: DuckSession,
  contract: Contract,
  landed: readonly Landed[],
  expireBefore: Date,
): Promise<Effect[]> {
  const relation = (name: string) => identifier(`${name}_${contract.name}`);
  const ask = async <Schema extends v.GenericSchema>(schema: Schema, sql: string) =>
    v.parse(v.array(schema), await session.rows(sql));

  await load(session, contract, landed);
  for (const { name, sql, stored } of reconcileSteps(contract, expireBefore)) {
    const form = stored ? "TABLE" : "VIEW";
    await session.run(`CREATE OR REPLACE TEMP ${form} ${identifier(name)} AS ${toEngine(sql, "duckdb")}`);
  }
  const judged = await ask(
    Judged,
    `SELECT "_object" AS object, count(*) AS waiting, count(*) FILTER (WHERE NOT "_missing") AS released, count(*) FILTER (WHERE "_missing" AND "_old") AS expired, count(*) FILTER (WHERE "_missing" AND NOT "_old" AND "_reasons" <> "_reasons_before") AS stale FROM ${relation("judged")} GROUP BY "_object"`,
  );
  const ranked = await ask(
    Ranked,
    `SELECT "_object" AS object, count(*) FILTER (WHERE "_late" = 0 AND "_rank" > 1) AS lost, count(*) FILTER (WHERE "_late" = 1 AND "_rank" > 1) AS late_lost, count(DISTINCT (${identifiers(contract.primaryKey)}, 0)) FILTER (WHERE "_winner" <> "_object") AS duplicates FROM ${relation("ranked")} GROUP BY "_object"`,
  );
  const losing = await ask(
    Losing,
    `SELECT DISTINCT "_object" AS loser, "_winner" AS winner FROM ${relation("ranked")} WHERE "_winner" <> "_object"`,
  );
  const [totals] = await ask(
    Totals,
    `SELECT sum("_objects" - 1) AS duplicates, sum("_rows" - "_objects") AS collapsed FROM ${relation("contested")}`,
  );
  const leaving = ranked.reduce((sum, { lost, late_lost }) => sum + lost + late_lost, 0);
  const repeating = (totals?.duplicates ?? 0) + (totals?.collapsed ?? 0);
  if (leaving !== repeating) {
    throw new BalanceBroken(
      `${contract.name}: ${leaving} rows would leave, but ${repeating} repeat; nothing was written`,
    );
  }

  const judgedOf = byObject(judged);
  const rankedOf = byObject(ranked);
  return landed
    .map((one): Effect => {
      const { waiting = 0, released = 0, expired = 0, stale = 0 } = judgedOf.get(one.number) ?? {};
      const { lost = 0, late_lost: lateLost = 0, duplicates = 0 } = rankedOf.get(one.number) ?? {};
      const losesTo = losing.filter(({ loser }) => loser === one.number).map(({ winner }) => winner);
      return {
        landed: one,
        waiting,
        released,
        expired,
        stale,
        gained: released - lateLost,
        lost,
        duplicates,
        losesTo,
      };
    })
    .filter(({ released, expired, stale, lost }) => released + expired + stale + lost > 0);
}

function byObject<One extends { readonly object: number }>(rows: readonly One[]): Map<number, One> {
  return new Map(rows.map((row) => [row.object, row]));
}

/** Makes `curated_<table>` and `waiting_<table>` of the local files; `_object` is the number in a file's name. */
async function load(session: DuckSession, contract: Contract, landed: readonly Landed[]): Promise<void> {
  const columns = contract.columns.map(({ name }) => name);
  const kept = contract.columns.map(({ name, sensitive }) =>
    sensitive === "cvv" ? `CAST(NULL AS VARCHAR) AS ${identifier(name)}` : identifier(name),
  );
  const number = `CAST(regexp_extract("_file", '([0-9]+)[.]parquet$', 1) AS BIGINT) AS "_object"`;
  const curated = landed.flatMap((one) => one.curated?.file ?? []);
  const pending = landed.flatMap((one) => one.pending?.file ?? []);
  const none = `SELECT CAST(NULL AS BIGINT) AS "_object", ${typedNulls(contract)}, CAST(NULL AS VARCHAR[]) AS "_reasons", CAST(NULL AS TIMESTAMP) AS "_arrived_at" LIMIT 0`;
  await session.run(
    `CREATE OR REPLACE TEMP VIEW ${identifier(`curated_${contract.name}`)} AS ${
      curated.length === 0
        ? `SELECT "_object", ${identifiers(columns)} FROM (${none})`
        : `SELECT ${number}, ${kept.join(", ")} FROM ${parquetFiles(curated)}`
    }`,
  );
  await session.run(
    `CREATE OR REPLACE TEMP VIEW ${identifier(`waiting_${contract.name}`)} AS ${
      pending.length === 0
        ? none
        : `SELECT ${number}, ${identifiers(columns)}, "_reasons", "_arrived_at" FROM ${parquetFiles(pending)}`
    }`,
  );
}

/** Local Parquet files as a relation. Their path is no data: no columns are made of folders like `year=2025`. */
export function parquetFiles(files: readonly string[]): string {
  return `read_parquet([${files.map(text).join(", ")}], filename = '_file', hive_partitioning = false)`;
}
