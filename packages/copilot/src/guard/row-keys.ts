import type { MartName } from "@penstock/contracts";
import { isNode, type Node } from "@penstock/runtime/sql";
import { bare, columnOf, list, nameOf, part } from "./nodes.ts";
import { isMart } from "./tables.ts";

/** By which columns the rows of a table are told apart. */
export interface RowKeys {
  /** Each: columns of which no two rows have the same values. Empty for a table of one row. */
  readonly unique: readonly (readonly string[])[];
  /** Columns that hold the order of a row: few rows have the same. */
  readonly orders: ReadonlySet<string>;
}

export const NO_KEYS: RowKeys = { unique: [], orders: new Set() };

const ofMarts: Readonly<Record<MartName, RowKeys>> = {
  sales: { unique: [["order_id", "order_item_id"]], orders: new Set(["order_id"]) },
  orders: { unique: [["order_id"]], orders: new Set(["order_id"]) },
  customers: { unique: [["customer_id"]], orders: new Set() },
  products: { unique: [["product_id"]], orders: new Set() },
  daily_sales: { unique: [["sale_date", "region", "category"]], orders: new Set() },
  regional_sales: { unique: [["month", "region", "category"]], orders: new Set() },
};

/** The keys of a table by its name: a mart's, or one of the query's own. */
export function keysOfTable(name: string, own: ReadonlyMap<string, RowKeys>): RowKeys {
  return isMart(name) ? ofMarts[name] : (own.get(name) ?? NO_KEYS);
}

/**
 * The keys of what a select answers with.
 * @param sources the keys of what it reads, by name
 * @param grain the source each of whose rows stands in one row of the joined ones at most
 */
export function keysOfSelect(
  select: Node,
  sources: ReadonlyMap<string, RowKeys>,
  grain: string | undefined,
): RowKeys {
  const orders = [...sources].flatMap(([source, keys]) =>
    [...keys.orders].flatMap((column) => outputsOf(select, source, column, sources.size === 1)),
  );
  return { unique: uniqueOf(select, sources, grain), orders: new Set(orders) };
}

function uniqueOf(
  select: Node,
  sources: ReadonlyMap<string, RowKeys>,
  grain: string | undefined,
): RowKeys["unique"] {
  if (hasOneRow(select)) return [[]];
  const all = list(select.expressions).map(outputName);
  const distinct = select.distinct === true ? whole(all) : [];
  if (select.group_by) {
    const groups = list(part(select, "group_by")?.expressions).map((group) => groupName(group, select));
    return [...distinct, ...(groups.length > 0 ? whole(groups) : [])];
  }
  const passed = (grain === undefined ? [] : (sources.get(grain)?.unique ?? [])).flatMap((key) =>
    whole(key.map((column) => outputsOf(select, grain ?? "", column, sources.size === 1)[0])),
  );
  return [...distinct, ...passed];
}

/** The names as one key, unless one of them is none. */
function whole(names: readonly (string | undefined)[]): string[][] {
  const known = names.filter((name) => name !== undefined);
  return known.length === names.length ? [known] : [];
}

/** Names under which a column of a source comes out as it is. */
function outputsOf(select: Node, source: string, column: string, alone: boolean): string[] {
  return list(select.expressions).flatMap((expression) => {
    const star = part(expression, "star");
    if (star !== undefined) return alone || nameOf(star.table) === source ? [column] : [];
    const named = columnOf(part(expression, "alias")?.this ?? expression);
    const of = named?.of ?? (alone ? source : undefined);
    return named?.column === column && of === source ? (outputName(expression) ?? []) : [];
  });
}

function outputName(expression: unknown): string | undefined {
  return nameOf(part(expression, "alias")?.alias) ?? columnOf(expression)?.column;
}

/** The name under which a group comes out: by its place, or by the same expression. */
function groupName(group: unknown, select: Node): string | undefined {
  const expressions = list(select.expressions);
  if (expressions.some((each) => part(each, "star") !== undefined)) return undefined;
  const literal = part(group, "literal");
  if (literal?.literal_type === "number") return outputName(expressions[Number(literal.value) - 1]);
  const wanted = written(group);
  return outputName(expressions.find((each) => written(part(each, "alias")?.this ?? each) === wanted));
}

/** An expression without where it stood. */
function written(expression: unknown): string {
  return JSON.stringify(bare(expression), (key, value: unknown) => (key === "span" ? undefined : value));
}

const AGGREGATES = ["avg", "count", "max", "min", "sum"];

/** Aggregates without groups. */
function hasOneRow(select: Node): boolean {
  if (select.group_by) return false;
  const columns = list(select.expressions).map((each) => part(each, "alias")?.this ?? each);
  return (
    columns.length > 0 && columns.every((each) => AGGREGATES.some((name) => isNode(part(bare(each), name))))
  );
}
