import { cardMacros } from "./duckdb-cards.ts";
import { dateMacros } from "./duckdb-dates.ts";
import { maskMacros } from "./duckdb-masks.ts";

/** The prelude on DuckDB: one `CREATE MACRO` per function that no transpiling can give. */
export const duckdbPrelude: readonly string[] = [...dateMacros, ...maskMacros];

/**
 * The part of it that finds cards in texts, for the queries that {@link FINDS_CARDS}: its macros stand in each other, and
 * DuckDB takes 0.1 s to bind them.
 */
export const cardPrelude: readonly string[] = cardMacros;

/** Whether a statement names a macro of {@link cardPrelude}. */
export const FINDS_CARDS = /_card/i;
