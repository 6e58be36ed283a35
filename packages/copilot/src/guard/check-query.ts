import type { MartName, MartsManifest } from "@penstock/contracts";
import { UnsupportedSql } from "@penstock/runtime/errors";
import { type Node, toEngine } from "@penstock/runtime/sql";
import { checkColumns } from "./columns.ts";
import { checkJoins } from "./joins.ts";
import { nameOf, visit } from "./nodes.ts";
import { Refused } from "./refused.ts";
import { withLimit, withoutEnd } from "./row-limit.ts";
import { scannedBytes } from "./scanned-bytes.ts";
import { readStatement, written } from "./statement.ts";
import { type OwnTable, readTables } from "./tables.ts";

/** A query that may run: written anew from what was checked, never the text that came. */
export interface CheckedQuery {
  /** Over the marts by their names, with a limit of rows. */
  readonly sql: string;
  /** The same in parts, for the marts to be put in front: `WITH own… body`. */
  readonly own: readonly { readonly name: string; readonly sql: string }[];
  readonly body: string;
  readonly marts: readonly MartName[];
  /** Rows that it answers with at most. */
  readonly limit: number;
  /** Whether the limit is ours, and not the query's own. */
  readonly limited: boolean;
}

/** What a question may cost. */
export interface QueryLimits {
  readonly maxRows: number;
  readonly maxBytes: number;
}

/**
 * Whether a query may run over the marts of a build.
 * @throws {Refused} with the first thing that stands against it
 */
export function checkQuery(
  sql: string,
  manifest: MartsManifest,
  { maxRows, maxBytes }: QueryLimits,
): CheckedQuery {
  const statement = readStatement(sql);
  const tables = readTables(statement);
  if (tables.marts.length === 0)
    throw new Refused("not_answerable", "The query reads none of the marts: they are what is asked about.");
  checkJoins(statement, tables);
  const { bare, limit: asked } = withoutEnd(statement);
  checkConstructs(bare);
  checkReplaces(statement.root);
  checkColumns(statement, tables);
  const bytes = scannedBytes(statement, tables, manifest);
  if (bytes > maxBytes)
    throw new Refused(
      "too_many_bytes",
      `The query reads up to ${bytes} bytes, a question may read ${maxBytes}. Ask for less: name months (month = 'YYYY-MM').`,
    );
  const limit = Math.min(asked ?? maxRows, maxRows);
  const whole = withLimit(statement, limit);
  const { [statement.kind]: body } = whole;
  return {
    sql: written(whole),
    own: tables.own.map(({ name, query }: OwnTable) => ({ name, sql: written(query) })),
    body: written({ [statement.kind]: { ...Object(body), with: null } }),
    marts: tables.marts,
    limit,
    limited: asked === undefined || asked > maxRows,
  };
}

/** Calls of replace. Each makes a text longer by what is written, one over another by the product. */
const MOST_REPLACES = 2;

function checkReplaces(statement: Node): void {
  let replaces = 0;
  visit(statement, "function", (call) => {
    if (nameOf(call) === "replace") replaces += 1;
  });
  if (replaces > MOST_REPLACES)
    throw new Refused("unsupported_sql", `The query calls replace more than ${MOST_REPLACES} times.`);
}

/** Clauses and functions are those of the subset that means the same wherever a query runs. */
function checkConstructs(statement: Node): void {
  try {
    toEngine(written(statement), "athena");
  } catch (error) {
    if (!(error instanceof UnsupportedSql)) throw error;
    const [problem = ""] = error.message.split("; in: ");
    const code = /the function |Athena has no /.test(problem) ? "foreign_function" : "unsupported_sql";
    throw new Refused(code, `The query uses what is not allowed: ${problem.replace(/^[^:]*: /, "")}.`);
  }
}
