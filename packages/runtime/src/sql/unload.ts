import { UnsupportedSql } from "../errors.ts";
import { isS3Uri, type S3Uri } from "../uri.ts";
import { type ParquetOutput, parquetOutput } from "./parquet-output.ts";
import { Tokens } from "./tokens.ts";

/** Where an UNLOAD writes the rows of its query, as Parquet. */
export interface Unload extends ParquetOutput {
  readonly to: S3Uri;
}

/**
 * The query and the destination of `UNLOAD (query) TO 's3://…/' WITH (…)`, which the parser knows as one opaque command;
 * undefined for any other statement. `start` is where the query begins, in code points. @throws UnsupportedSql
 */
export function splitUnload(sql: string): { query: string; start: number; unload: Unload } | undefined {
  const left = new Tokens(sql, "UNLOAD");
  if (!left.takes("UNLOAD")) return undefined;
  const start = left.expect("(").span.end;
  let depth = 1;
  let end = start;
  while (depth > 0) {
    const token = left.next("a closing parenthesis");
    if (token.type === "L_PAREN") depth += 1;
    if (token.type === "R_PAREN") depth -= 1;
    end = token.span.start;
  }
  left.expect("TO");
  const to = left.string("the destination");
  if (!isS3Uri(to)) throw new UnsupportedSql(`UNLOAD to ${to}, which is no S3 URI`);
  const properties = left.takes("WITH") ? left.properties() : new Map<string, readonly string[]>();
  left.takes(";");
  if (!left.empty) throw new UnsupportedSql("something after UNLOAD");
  const format = properties.get("format")?.[0]?.toUpperCase();
  const output = parquetOutput("UNLOAD", properties, ["compression"]);
  if (format !== "PARQUET")
    throw new UnsupportedSql(`UNLOAD in the format ${format ?? "that is the default"}; PARQUET`);
  return { query: [...sql].slice(start, end).join(""), start, unload: { to, ...output } };
}
