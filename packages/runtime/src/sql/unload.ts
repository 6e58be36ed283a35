import { UnsupportedSql } from "../errors.ts";
import { isS3Uri, type S3Uri } from "../uri.ts";
import { Dialect, tokenize } from "./transpiler.ts";

/** Where an UNLOAD writes the rows of its query, as Parquet. */
export interface Unload {
  readonly to: S3Uri;
  readonly compression: "snappy" | "gzip" | "zstd" | "uncompressed";
  /** The last columns of the query, which become folders. */
  readonly partitionedBy: readonly string[];
}

interface Token {
  readonly type: string;
  readonly text: string;
  /** In code points. */
  readonly span: { readonly start: number; readonly end: number };
}

const COMPRESSIONS: Readonly<Record<string, Unload["compression"]>> = {
  GZIP: "gzip",
  NONE: "uncompressed",
  SNAPPY: "snappy",
  ZSTD: "zstd",
};

/**
 * The query and the destination of `UNLOAD (query) TO 's3://…/' WITH (…)`, which the parser knows as one opaque command;
 * undefined for any other statement. @throws UnsupportedSql
 */
export function splitUnload(sql: string): { query: string; unload: Unload } | undefined {
  const { tokens = [] } = tokenize(sql, Dialect.Trino);
  // The type is under another name than the package's declarations say.
  const left = new Tokens(
    tokens.map((token) => ({ ...token, type: String(Reflect.get(token, "token_type") ?? token.tokenType) })),
  );
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
  const properties = left.takes("WITH") ? propertiesOf(left) : new Map<string, readonly string[]>();
  left.takes(";");
  if (!left.empty) throw new UnsupportedSql("something after UNLOAD");
  return { query: [...sql].slice(start, end).join(""), unload: { to, ...unloadOf(properties) } };
}

function unloadOf(properties: ReadonlyMap<string, readonly string[]>): Omit<Unload, "to"> {
  const known = new Set(["format", "compression", "partitioned_by"]);
  const foreign = [...properties.keys()].filter((name) => !known.has(name));
  if (foreign.length > 0) throw new UnsupportedSql(`UNLOAD with ${foreign.join(", ")}`);
  const format = properties.get("format")?.[0]?.toUpperCase();
  if (format !== "PARQUET")
    throw new UnsupportedSql(`UNLOAD in the format ${format ?? "that is the default"}; PARQUET`);
  // Athena compresses Parquet with gzip when it is told nothing.
  const wanted = properties.get("compression")?.[0]?.toUpperCase() ?? "GZIP";
  const compression = COMPRESSIONS[wanted];
  if (compression === undefined) throw new UnsupportedSql(`UNLOAD with the compression ${wanted}`);
  const partitionedBy = (properties.get("partitioned_by") ?? []).map((name) => name.toLowerCase());
  return { compression, partitionedBy };
}

/** `(name = 'text', name = ARRAY['text', …])`, names in lower case. */
function propertiesOf(left: Tokens): Map<string, readonly string[]> {
  const properties = new Map<string, readonly string[]>();
  left.expect("(");
  do {
    const name = left.next("a property").text.toLowerCase();
    left.expect("=");
    if (!left.takes("ARRAY")) properties.set(name, [left.string(`a text for ${name}`)]);
    else {
      const values: string[] = [];
      left.expect("[");
      do values.push(left.string(`a text in ${name}`));
      while (left.takes(","));
      left.expect("]");
      properties.set(name, values);
    }
  } while (left.takes(","));
  left.expect(")");
  return properties;
}

/** Tokens from left to right. */
class Tokens {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get empty(): boolean {
    return this.#at >= this.#tokens.length;
  }

  next(wanted: string): Token {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new UnsupportedSql(`UNLOAD ends where ${wanted} should stand`);
    return token;
  }

  /** Takes a word or sign if it is the next token. */
  takes(word: string): boolean {
    const token = this.#tokens[this.#at];
    if (token === undefined || token.type === "STRING" || token.text.toUpperCase() !== word) return false;
    this.#at += 1;
    return true;
  }

  expect(word: string): Token {
    const token = this.next(word);
    if (token.type !== "STRING" && token.text.toUpperCase() === word) return token;
    throw new UnsupportedSql(`${token.text} in UNLOAD where ${word} should stand`);
  }

  string(wanted: string): string {
    const token = this.next(wanted);
    if (token.type === "STRING") return token.text;
    throw new UnsupportedSql(`${token.text} in UNLOAD where ${wanted} should stand`);
  }
}
