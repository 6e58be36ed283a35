import { isNode, type Node } from "@penstock/runtime/sql";

/** A query below another: what a subquery, a part of a union or a common table expression holds. */
export type Query = Node;

/** The name in an identifier's node, in small letters: Trino folds names, quoted or not. */
export function nameOf(value: unknown): string | undefined {
  return isNode(value) && typeof value.name === "string" ? value.name.toLowerCase() : undefined;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A member that is a node. */
export function part(value: unknown, key: string): Node | undefined {
  const member = isNode(value) ? value[key] : undefined;
  return isNode(member) ? member : undefined;
}

/** An expression without its parentheses. */
export function bare(value: unknown): unknown {
  const inner = part(value, "paren");
  return inner === undefined ? value : bare(inner.this);
}

/** The conditions that must all hold. */
export function conjuncts(condition: unknown): readonly unknown[] {
  const both = part(bare(condition), "and");
  return both === undefined ? [bare(condition)] : [...conjuncts(both.left), ...conjuncts(both.right)];
}

/** A column with the name before the dot, where there is one. */
export interface ColumnName {
  readonly column: string;
  readonly of: string | undefined;
}

export function columnOf(value: unknown): ColumnName | undefined {
  const node = part(bare(value), "column");
  const column = node && nameOf(node.name);
  return column === undefined ? undefined : { column, of: nameOf(node?.table) };
}

/** What FROM and JOIN of a select read: each a node of a table, a subquery, or something else. */
export function sourcesOf(select: Node): readonly Node[] {
  const from = list(part(select, "from")?.expressions);
  const joined = list(select.joins).map((join) => (isNode(join) ? join.this : undefined));
  return [...from, ...joined].filter(isNode);
}

/** Calls back for every node with a key, outer ones first. */
export function visit(value: unknown, key: string, found: (member: unknown, holder: Node) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, key, found);
    return;
  }
  if (!isNode(value)) return;
  for (const [name, member] of Object.entries(value)) {
    if (name === key && member !== null && member !== undefined) found(member, value);
    visit(member, key, found);
  }
}
