import { identifier, text } from "../sql/quote.ts";

/** What Athena must find of a build once the catalogue knows of it. */
export interface BuildCheck {
  /** A query over the tables of one database, by their bare names: a row for each, its name and how many rows it has. */
  readonly sql: string;
  /** The rows that the query must answer, in their order: `orders=30 sales=120`. */
  readonly counts: string;
  /** All of them together, as a text: a number of Step Functions' ends at 2^53. */
  readonly rows: string;
}

/**
 * The check of a build: each table is counted for itself, so that one with too few rows is not made up for by another
 * with too many.
 *
 * @param written rows by table
 */
export function buildCheck(build: string, written: Readonly<Record<string, number>>): BuildCheck {
  const tables = Object.keys(written).toSorted();
  const counted = tables.map(
    (table) =>
      `SELECT ${text(table)} AS name, count(*) AS n FROM ${identifier(table)} WHERE build = ${text(build)}`,
  );
  return {
    sql: `SELECT name, n FROM (${counted.join(" UNION ALL ")}) counts ORDER BY name`,
    counts: tables.map((table) => `${table}=${written[table]}`).join(" "),
    rows: String(Object.values(written).reduce((sum, n) => sum + n, 0)),
  };
}
