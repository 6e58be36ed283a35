import { type MartName, type MartsManifest, marts } from "@penstock/contracts";
import { isNode, type Node } from "@penstock/runtime/sql";
import { bare, columnOf, conjuncts, list, nameOf, part, sourcesOf, visit } from "./nodes.ts";
import type { Statement } from "./statement.ts";
import { isMart, type ReadTables } from "./tables.ts";

/**
 * Most bytes that a query reads: of each mart, each time that it is named, the objects of the months that it asks for by
 * literals, all of them where it does not. Columns that are not read make it less.
 */
export function scannedBytes(
  { kind, body }: Statement,
  { own }: ReadTables,
  manifest: MartsManifest,
): number {
  const bytes = new Map<string, number>();
  for (const { name, query } of own) bytes.set(name, ofQuery(query, bytes, manifest));
  const { with: _, ...rest } = body;
  return ofQuery({ [kind]: rest }, bytes, manifest);
}

function ofQuery(query: Node, own: ReadonlyMap<string, number>, manifest: MartsManifest): number {
  let bytes = 0;
  visit(query, "select", (select) => {
    if (!isNode(select)) return;
    const sources = sourcesOf(select);
    for (const source of sources) {
      const table = part(source, "table");
      const name = nameOf(table?.name);
      if (table === undefined || name === undefined) continue;
      if (!isMart(name)) bytes += own.get(name) ?? 0;
      else
        bytes += ofMart(
          name,
          monthTests(select, nameOf(table.alias) ?? name, sources.length === 1),
          manifest,
        );
    }
  });
  return bytes;
}

type MonthTest = (month: string) => boolean;

function ofMart(name: MartName, tests: readonly MonthTest[], { tables }: MartsManifest): number {
  const byMonth = marts[name].partitionKeys.some((key) => key.name === "month");
  const objects = (tables[name]?.objects ?? []).filter(
    ({ partition: { month } }) => !byMonth || month === undefined || tests.every((holds) => holds(month)),
  );
  return objects.reduce((sum, object) => sum + object.bytes, 0);
}

/** What WHERE demands of the month of a source, where it is told by literals. */
function monthTests(select: Node, source: string, alone: boolean): MonthTest[] {
  const isMonth = (value: unknown) => {
    const named = columnOf(value);
    return named?.column === "month" && (named.of === source || (named.of === undefined && alone));
  };
  return conjuncts(part(select, "where_clause")?.this).flatMap(
    (condition) => testOf(condition, isMonth) ?? [],
  );
}

const COMPARISONS: Readonly<Record<string, (month: string, value: string) => boolean>> = {
  eq: (month, value) => month === value,
  lt: (month, value) => month < value,
  lte: (month, value) => month <= value,
  gt: (month, value) => month > value,
  gte: (month, value) => month >= value,
};
const MIRRORED: Readonly<Record<string, string>> = { eq: "eq", lt: "gt", lte: "gte", gt: "lt", gte: "lte" };

function testOf(condition: unknown, isMonth: (value: unknown) => boolean): MonthTest | undefined {
  const [kind = "", operands] = Object.entries(isNode(condition) ? condition : {})[0] ?? [];
  if (!isNode(operands)) return undefined;
  if (kind === "between" && operands.not !== true && isMonth(operands.this)) {
    const low = textOf(operands.low);
    const high = textOf(operands.high);
    return low === undefined || high === undefined ? undefined : (month) => month >= low && month <= high;
  }
  if (kind === "in" && operands.not !== true && isMonth(operands.this)) {
    const values = list(operands.expressions).map(textOf);
    return values.length === 0 || values.includes(undefined) ? undefined : (month) => values.includes(month);
  }
  const { left, right } = operands;
  const [compare, value] = isMonth(left)
    ? [COMPARISONS[kind], textOf(right)]
    : isMonth(right)
      ? [COMPARISONS[MIRRORED[kind] ?? ""], textOf(left)]
      : [];
  return compare === undefined || value === undefined ? undefined : (month) => compare(month, value);
}

function textOf(value: unknown): string | undefined {
  const literal = part(bare(value), "literal");
  return literal?.literal_type === "string" && typeof literal.value === "string" ? literal.value : undefined;
}
