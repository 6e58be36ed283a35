import type { Contract, LogicalType } from "../contract.ts";
import { IncompatibleColumns } from "../errors.ts";

/** A column as a file stores it. `type` is DuckDB's name for it, as DESCRIBE prints it. */
export interface PhysicalColumn {
  /** The name in the file, so in the source's terms. */
  readonly name: string;
  readonly type: string;
}

/** A column whose stored type cannot be read as its logical type without changing the meaning. */
export interface PhysicalMismatch {
  readonly column: string;
  readonly expected: string;
  readonly found: string;
}

/** How a column is stored, as far as reading it differs. `digits` bounds the whole part of an exact number. */
export type Storage =
  | { readonly kind: "text" | "float" | "double" | "boolean" | "date" | "timestamp" }
  | { readonly kind: "other timestamp" | "zoned timestamp" }
  | { readonly kind: "whole"; readonly least: number; readonly greatest: number }
  | { readonly kind: "decimal"; readonly precision: number; readonly scale: number };

const SIMPLE: Readonly<Record<string, Storage>> = {
  VARCHAR: { kind: "text" },
  FLOAT: { kind: "float" },
  DOUBLE: { kind: "double" },
  BOOLEAN: { kind: "boolean" },
  DATE: { kind: "date" },
  TIMESTAMP: { kind: "timestamp" },
  TIMESTAMP_S: { kind: "other timestamp" },
  TIMESTAMP_MS: { kind: "other timestamp" },
  TIMESTAMP_NS: { kind: "other timestamp" },
  "TIMESTAMP WITH TIME ZONE": { kind: "zoned timestamp" },
  TINYINT: whole(2 ** 7),
  SMALLINT: whole(2 ** 15),
  INTEGER: whole(2 ** 31),
  BIGINT: whole(2 ** 63),
  HUGEINT: whole(2 ** 127),
  UTINYINT: { kind: "whole", least: 0, greatest: 2 ** 8 - 1 },
  USMALLINT: { kind: "whole", least: 0, greatest: 2 ** 16 - 1 },
  UINTEGER: { kind: "whole", least: 0, greatest: 2 ** 32 - 1 },
  UBIGINT: { kind: "whole", least: 0, greatest: 2 ** 64 },
};

function whole(bound: number): Storage {
  return { kind: "whole", least: -bound, greatest: bound - 1 };
}

/** Text is read by its form for every type; FLOAT is refused for decimals, since it holds no cents. */
const READABLE: Readonly<Record<LogicalType, readonly Storage["kind"][]>> = {
  string: ["text"],
  integer: ["whole", "decimal", "double", "float", "text"],
  decimal: ["decimal", "whole", "double", "text"],
  double: ["double", "float", "decimal", "whole", "text"],
  boolean: ["boolean", "text"],
  timestamp: ["timestamp", "other timestamp", "zoned timestamp", "date", "text"],
  date: ["date", "text"],
};

const EXPECTED: Readonly<Record<LogicalType, string>> = {
  string: "VARCHAR",
  integer: "an integer type, DECIMAL, DOUBLE or VARCHAR",
  decimal: "DECIMAL, an integer type, DOUBLE or VARCHAR",
  double: "DOUBLE, FLOAT, DECIMAL, an integer type or VARCHAR",
  boolean: "BOOLEAN or VARCHAR",
  timestamp: "TIMESTAMP, TIMESTAMP WITH TIME ZONE, DATE or VARCHAR",
  date: "DATE or VARCHAR",
};

/** How a DuckDB type is stored, or undefined for a type that no contract reads (BLOB, LIST, STRUCT, …). */
export function storageOf(type: string): Storage | undefined {
  const decimal = /^DECIMAL\(([0-9]+),\s*([0-9]+)\)$/.exec(type);
  if (decimal !== null) return { kind: "decimal", precision: Number(decimal[1]), scale: Number(decimal[2]) };
  return Object.hasOwn(SIMPLE, type) ? SIMPLE[type] : undefined;
}

/** The storage of a column that must hold a logical type, or undefined when it cannot be read as one. */
export function readableStorage(logical: LogicalType, type: string): Storage | undefined {
  const storage = storageOf(type);
  return storage !== undefined && READABLE[logical].includes(storage.kind) ? storage : undefined;
}

/**
 * Columns of a file stored as a type that cannot be read as the contract's, by source column name. Columns that
 * the source does not know are not judged here but by `resolveSource`.
 */
export function physicalMismatch(
  contract: Contract,
  source: string,
  physical: readonly PhysicalColumn[],
): PhysicalMismatch[] {
  const columns = sourceColumns(contract, source);
  return physical.flatMap(({ name, type }) => {
    const column = contract.columns.find((candidate) => candidate.name === columns[name]);
    if (column === undefined || readableStorage(column.type, type) !== undefined) return [];
    return [{ column: name, expected: EXPECTED[column.type], found: type }];
  });
}

/** The column names of one source. @throws IncompatibleColumns when the contract has no such source. */
export function sourceColumns(contract: Contract, source: string): Readonly<Record<string, string>> {
  const found = Object.hasOwn(contract.sources, source) ? contract.sources[source] : undefined;
  if (found !== undefined) return found.columns;
  const known = Object.keys(contract.sources).join(", ");
  throw new IncompatibleColumns(contract.name, `no source "${source}" (known: ${known})`);
}
