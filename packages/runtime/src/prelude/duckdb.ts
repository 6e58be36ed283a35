import { cardMacros } from "./duckdb-cards.ts";
import { dateMacros } from "./duckdb-dates.ts";
import { maskMacros } from "./duckdb-masks.ts";

/** The prelude on DuckDB: one `CREATE MACRO` per function that no transpiling can give. */
export const duckdbPrelude: readonly string[] = [...cardMacros, ...dateMacros, ...maskMacros];
