import { UnsupportedSql } from "../errors.ts";
import { isS3Uri, type S3Uri } from "../uri.ts";
import { type ParquetOutput, parquetOutput } from "./parquet-output.ts";
import { Tokens, tokensOf } from "./tokens.ts";

/** The table that a CREATE TABLE … AS makes of its query's rows, as Parquet. */
export interface CreateTableAs extends ParquetOutput {
  readonly database: string;
  readonly table: string;
  /** Whether a table that is there already is left alone. */
  readonly ifNotExists: boolean;
  /** Absent where Athena chooses. */
  readonly location: S3Uri | undefined;
}

const STATEMENT = "CREATE TABLE AS";

/**
 * The table and the query of `CREATE TABLE name WITH (…) AS query`; undefined for any other statement. `start` is where
 * the query begins, in code points. @throws UnsupportedSql
 *
 * @param database of a name without one
 */
export function splitCreateTableAs(
  sql: string,
  database: string | undefined,
): { query: string; start: number; create: CreateTableAs } | undefined {
  const left = new Tokens(sql, STATEMENT);
  if (!left.takesAll("CREATE", "TABLE")) return undefined;
  const ifNotExists = left.takesAll("IF", "NOT", "EXISTS");
  const parts = [left.name("the table's name")];
  while (left.takes(".")) parts.push(left.name("a name"));
  const [table = "", of = database, catalog = "awsdatacatalog", ...more] = parts.reverse();
  if (of === undefined) throw new UnsupportedSql(`the table ${table} without a database`);
  if (catalog !== "awsdatacatalog" || more.length > 0)
    throw new UnsupportedSql(`the catalogue ${catalog}; there is awsdatacatalog only`);
  const properties = left.takes("WITH") ? left.properties() : new Map<string, readonly string[]>();
  const start = left.expect("AS").span.end;
  const location = properties.get("external_location")?.[0];
  if (location !== undefined && !isS3Uri(location))
    throw new UnsupportedSql(`the external_location ${location}, which is no S3 URI`);
  const format = properties.get("format")?.[0]?.toUpperCase() ?? "PARQUET";
  if (format !== "PARQUET") throw new UnsupportedSql(`${STATEMENT} in the format ${format}; PARQUET`);
  const compressions = ["parquet_compression", "write_compression"];
  const output = parquetOutput(STATEMENT, properties, compressions, ["external_location"]);
  const query = [...sql].slice(start).join("").replace(/;\s*$/, "");
  const ends = tokensOf(query).map((token) => token.text.toUpperCase());
  if (ends.slice(-3).join(" ") === "WITH NO DATA") throw new UnsupportedSql(`WITH NO DATA of ${STATEMENT}`);
  return { query, start, create: { database: of, table, ifNotExists, location, ...output } };
}
