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
