import type { Contract } from "@penstock/contracts";
import { type DuckSession, identifier, toEngine } from "@penstock/runtime";
import * as v from "valibot";
import { landedViews, nothingWaits } from "./landed-views.ts";
import { BalanceBroken } from "./metrics.ts";
import { arrivalSteps, judgedStep, of, rankedStep } from "./reconcile-steps.ts";
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

/** What a pass finds in one table. */
export interface Judgement {
  /** Objects that change. */
  readonly effects: readonly Effect[];
  /** Rows that still wait after the pass. */
  readonly pending: number;
  /** Some key stands in several objects, or twice in the halves of one. */
  readonly contested: boolean;
}

const count = v.pipe(v.union([v.number(), v.bigint()]), v.transform(Number));
const Judged = v.object({ object: count, waiting: count, released: count, expired: count, stale: count });
const Contested = v.object({ duplicates: v.nullable(count), collapsed: v.nullable(count) });
const Ranked = v.object({ object: count, lost: count, late_lost: count, duplicates: count });
const Losing = v.object({ loser: count, winner: count });

/**
 * Judges one table, whose parents have been judged before, and answers what changes, by object.
 * Throws `BalanceBroken` when the rows that leave are not those that repeat.
 */
export async function judgeTable(
  session: DuckSession,
  contract: Contract,
  landed: readonly Landed[],
  expireBefore: Date,
): Promise<Judgement> {
  const ask = async <Schema extends v.GenericSchema>(schema: Schema, sql: string) =>
    v.parse(v.array(schema), await session.rows(sql));

  const waits = landed.some(({ pending }) => pending !== undefined);
  const judgedBy = judgedStep(contract, expireBefore);
  await session.run(
    [
      ...landedViews(contract, landed).map(({ name, sql }) => create("VIEW", name, sql)),
      waits
        ? create(judgedBy.form, judgedBy.name, toEngine(judgedBy.sql, "duckdb"))
        : create("TABLE", judgedBy.name, nothingWaits(contract).sql),
      ...arrivalSteps(contract).map(({ name, form, sql }) => create(form, name, toEngine(sql, "duckdb"))),
    ].join(";\n"),
  );
  const judged = waits ? await ask(Judged, judgedByObject()) : [];
  const [repeats] = await ask(
    Contested,
    `SELECT sum("_objects" - 1) AS duplicates, sum("_rows" - "_objects") AS collapsed FROM ${of(contract, "contested")}`,
  );
  const repeating = (repeats?.duplicates ?? 0) + (repeats?.collapsed ?? 0);
  const contested = repeating > 0;
  if (contested) {
    const { name, form, sql } = rankedStep(contract);
    await session.run(create(form, name, toEngine(sql, "duckdb")));
  }
  const ranked = contested ? await ask(Ranked, rankedByObject()) : [];
  const losing = contested ? await ask(Losing, losingPairs()) : [];
  const leaving = ranked.reduce((sum, { lost, late_lost }) => sum + lost + late_lost, 0);
  if (leaving !== repeating) {
    throw new BalanceBroken(
      `${contract.name}: ${leaving} rows would leave, but ${repeating} repeat; nothing was written`,
    );
  }

  const judgedOf = new Map(judged.map((row) => [row.object, row]));
  const rankedOf = new Map(ranked.map((row) => [row.object, row]));
  const winnersOf = Map.groupBy(losing, ({ loser }) => loser);
  const effects = landed.map((one): Effect => {
    const { waiting = 0, released = 0, expired = 0, stale = 0 } = judgedOf.get(one.number) ?? {};
    const { lost = 0, late_lost: lateLost = 0, duplicates = 0 } = rankedOf.get(one.number) ?? {};
    const losesTo = (winnersOf.get(one.number) ?? []).map(({ winner }) => winner);
    const gained = released - lateLost;
    return { landed: one, waiting, released, expired, stale, gained, lost, duplicates, losesTo };
  });
  return {
    effects: effects.filter(({ released, expired, stale, lost }) => released + expired + stale + lost > 0),
    pending: effects.reduce((sum, { waiting, released, expired }) => sum + waiting - released - expired, 0),
    contested,
  };

  function judgedByObject(): string {
    const counts = [
      "count(*) AS waiting",
      `count(*) FILTER (WHERE NOT "_missing") AS released`,
      `count(*) FILTER (WHERE "_missing" AND "_old") AS expired`,
      `count(*) FILTER (WHERE "_missing" AND NOT "_old" AND "_reasons" <> "_reasons_before") AS stale`,
    ];
    return `SELECT "_object" AS object, ${counts.join(", ")} FROM ${of(contract, "judged")} GROUP BY "_object"`;
  }

  function rankedByObject(): string {
    const lost = `count(*) FILTER (WHERE "_late" = 0 AND "_rank" > 1) AS lost`;
    const lateLost = `count(*) FILTER (WHERE "_late" = 1 AND "_rank" > 1) AS late_lost`;
    const keys = `count(DISTINCT (${identifiers(contract.primaryKey)}, 0))`;
    const duplicates = `${keys} FILTER (WHERE "_winner" <> "_object") AS duplicates`;
    return `SELECT "_object" AS object, ${lost}, ${lateLost}, ${duplicates} FROM ${of(contract, "ranked")} GROUP BY "_object"`;
  }

  function losingPairs(): string {
    return `SELECT DISTINCT "_object" AS loser, "_winner" AS winner FROM ${of(contract, "ranked")} WHERE "_winner" <> "_object"`;
  }
}

function create(form: "TABLE" | "VIEW", name: string, sql: string): string {
  return `CREATE OR REPLACE TEMP ${form} ${identifier(name)} AS ${sql}`;
}
