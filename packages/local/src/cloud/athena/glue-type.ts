const plain: Readonly<Record<string, string>> = {
  bigint: "BIGINT",
  binary: "BLOB",
  boolean: "BOOLEAN",
  date: "DATE",
  double: "DOUBLE",
  float: "FLOAT",
  int: "INTEGER",
  integer: "INTEGER",
  smallint: "SMALLINT",
  string: "VARCHAR",
  timestamp: "TIMESTAMP",
  tinyint: "TINYINT",
};

/** A type of the Glue catalogue in DuckDB's words; undefined for one that is not read here (struct, map). */
export function duckdbType(glueType: string): string | undefined {
  const type = glueType.trim().toLowerCase();
  const known = Object.hasOwn(plain, type) ? plain[type] : undefined;
  if (known !== undefined) return known;
  if (/^(var)?char\(\d+\)$/.test(type)) return "VARCHAR";
  if (/^decimal\(\d+,\s*\d+\)$/.test(type)) return type.toUpperCase();
  const element = /^array<(.+)>$/.exec(type)?.[1];
  const inner = element === undefined ? undefined : duckdbType(element);
  return inner === undefined ? undefined : `${inner}[]`;
}

/** A type of DuckDB's in the words of the Glue catalogue; undefined for one that is not written here. */
export function glueType(type: string): string | undefined {
  const found = Object.entries(plain).find(([, duckdb]) => duckdb === type)?.[0];
  if (found !== undefined) return found;
  // A sum of integers; Athena would have made it bigint or refused it.
  if (type === "HUGEINT") return "bigint";
  if (/^DECIMAL\(\d+,\d+\)$/.test(type)) return type.toLowerCase();
  const inner = type.endsWith("[]") ? glueType(type.slice(0, -2)) : undefined;
  return inner === undefined ? undefined : `array<${inner}>`;
}
