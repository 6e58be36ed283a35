/** A double-quoted identifier, as Trino and DuckDB read it. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A character literal. */
export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
