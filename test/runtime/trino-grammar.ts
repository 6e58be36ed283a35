import { TrinoSQL } from "dt-sql-parser";

/** What Trino's own grammar has against a statement; nothing for what Athena would parse. */
export function trinoFaults(sql: string): string[] {
  return new TrinoSQL().validate(sql).map(({ message, startLine, startColumn }) => {
    const line = sql.split("\n")[startLine - 1] ?? "";
    return `${message} (${startLine}:${startColumn}) at ${line.slice(Math.max(0, startColumn - 30), startColumn + 30)}`;
  });
}

/**
 * As {@link trinoFaults}, of an UNLOAD: a statement of Athena's own, which Trino's grammar does not know. What it wraps is
 * checked, and that it wraps it as Athena's documentation says.
 */
export function unloadFaults(sql: string): string[] {
  const wrapped =
    /^UNLOAD \(([\s\S]+)\) TO 's3:\/\/[a-z0-9.-]+\/[^']+\/' WITH \(format = 'PARQUET', compression = 'SNAPPY'(?:, partitioned_by = ARRAY\['\w+'(?:, '\w+')*\])?\)$/.exec(
      sql,
    );
  return wrapped === null ? ["no UNLOAD of the documented form"] : trinoFaults(wrapped[1] ?? "");
}
