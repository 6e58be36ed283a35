import { BuildName } from "@penstock/contracts";
import { identifier, text } from "@penstock/runtime/sql";
import * as v from "valibot";
import type { CheckedQuery } from "./check-query.ts";
import { columnsOfMart } from "./columns.ts";

/**
 * A checked query over the tables of one build: each mart that it names is put in front, as the rows that this build
 * wrote. The name of the build is text in the query, so it must be one.
 */
export function bindBuild({ own, body, marts }: CheckedQuery, database: string, build: string): string {
  const name = text(v.parse(BuildName, build));
  const tables = marts.map((mart) => {
    const columns = columnsOfMart(mart).map(identifier).join(", ");
    return `${mart} AS (SELECT ${columns} FROM ${identifier(database)}.${identifier(mart)} WHERE build = ${name})`;
  });
  const named = [...tables, ...own.map((each) => `${identifier(each.name)} AS (${each.sql})`)];
  return named.length === 0 ? body : `WITH ${named.join(", ")} ${body}`;
}
