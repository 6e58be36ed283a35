/** A double-quoted identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A character literal. */
export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** A DOUBLE literal (`1E0`): without an exponent, Trino and DuckDB read a DECIMAL. */
export function double(value: number): string {
  const digits = String(value).replace("e+", "E").replace("e", "E");
  return digits.includes("E") ? digits : `${digits}E0`;
}

/** A literal to compare exact numbers with: whole where the limit is whole. */
export function number(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : double(value);
}

/** True when the whole of `value` matches. `\z`, since `$` stops before a trailing newline in Java. */
export function matches(value: string, body: string): string {
  return `regexp_like(${value}, ${text(`^${body}\\z`)})`;
}

/** A condition that is never NULL: unknown counts as false. */
export function known(condition: string): string {
  return `COALESCE(${condition}, FALSE)`;
}
