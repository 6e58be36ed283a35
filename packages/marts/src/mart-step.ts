import { type MartName, marts } from "@penstock/contracts";
import { identifier } from "@penstock/runtime";
import type { Step } from "./source-steps.ts";

/** What a mart is made of. */
export interface MartQuery {
  /** An expression for each column that is more than a column of that name. */
  readonly columns: Readonly<Record<string, string>>;
  /** Columns beside the mart's own, for the steps after it; not in its objects. */
  readonly more?: readonly string[];
  readonly from: string;
}

/** `mart_<name>`: the rows of a mart in exactly the columns and types of its contract, and those of its folders. */
export function martStep(name: MartName, { columns: expressions, more = [], from }: MartQuery): Step {
  const { columns, partitionKeys } = marts[name];
  const [, ...folders] = partitionKeys;
  const selected = [...columns, ...folders].map(({ name: column, type }) => {
    const sqlType = type === "string" ? "VARCHAR" : type.toUpperCase();
    return `CAST(${expressions[column] ?? identifier(column)} AS ${sqlType}) AS ${identifier(column)}`;
  });
  return { name: `mart_${name}`, sql: `SELECT ${[...selected, ...more].join(", ")} FROM ${from}` };
}

/** A sum in the type that marts have it in, and that Parquet has: engines keep a step that several others read. */
export function money(sql: string): string {
  return `CAST(${sql} AS DECIMAL(18, 2))`;
}

/** As {@link money}, of whole numbers. */
export function whole(sql: string): string {
  return `CAST(${sql} AS BIGINT)`;
}

/** A mean or share: NULL where there is nothing to divide by. */
export function share(part: string, of: string): string {
  return `CAST(${part} AS DOUBLE) / NULLIF(CAST(${of} AS DOUBLE), 0E0)`;
}

export const NO_MONEY = "CAST('0' AS DECIMAL(18, 2))";
