import { isNode, type Node } from "../restrictions.ts";
import { usingOf } from "./check.ts";
import type { TypedOperation } from "./define-operations.ts";
import { call, list } from "./nodes.ts";
import type { Operation } from "./operations/bodies.ts";
import { rewritten } from "./rewritten.ts";

/**
 * Rewrites a checked query in place for DuckDB: what it does differently becomes calls of macros, which
 * `defineOperations` defines when the types are known; what it lacks is written as it has it.
 */
export class AthenaRewrite {
  /** Those that the query calls. */
  readonly operations: TypedOperation[] = [];
  readonly #prefix: string;
  readonly #now: Date;
  /** The same operation on the same operands is one call: GROUP BY finds it again in SELECT. */
  readonly #names = new WeakMap<object, Map<string, string>>();

  /** @param source the query, for names that are not in it; @param now of current_date and current_timestamp */
  constructor(source: string, now: Date) {
    let prefix = "athena_operation_";
    while (source.toLowerCase().includes(prefix)) prefix += "_";
    this.#prefix = prefix;
    this.#now = now;
  }

  /** @param scope the SELECT around it */
  through(value: unknown, scope: object = this): void {
    if (Array.isArray(value)) {
      for (const item of value) this.through(item, scope);
      return;
    }
    if (!isNode(value)) return;
    if (isNode(value.select)) {
      starOfUsing(value.select);
      nameColumns(value.select);
    }
    for (const [key, member] of Object.entries(value)) {
      // The whole window goes into the call of such an aggregate.
      const aggregate = key === "window_function" ? Object(Object(member).this) : {};
      if (isNode(aggregate.avg) || isNode(aggregate.aggregate_function)) {
        this.through(aggregate.avg ?? aggregate.aggregate_function, scope);
        this.through(Object(member).over, scope);
      } else this.through(member, key === "select" && isNode(member) ? member : scope);
    }
    const written = rewritten(value, {
      now: this.#now,
      operation: (kind, detail, ...args) => this.#call({ kind, detail }, args, scope),
    });
    if (written === undefined) return;
    for (const key of Object.keys(value)) Reflect.deleteProperty(value, key);
    Object.assign(value, written);
  }

  #call(operation: Operation, args: readonly unknown[], scope: object): Node {
    const known = this.#names.get(scope) ?? new Map<string, string>();
    this.#names.set(scope, known);
    const key = JSON.stringify([operation, args], (field, value) =>
      field === "span" || field.endsWith("comments") ? undefined : value,
    );
    const name = known.get(key) ?? `${this.#prefix}${this.operations.length}`;
    if (!known.has(key)) this.operations.push({ name, operation });
    known.set(key, name);
    return call(name, args);
  }
}

/** Trino puts the columns of USING first, once. */
function starOfUsing(select: Node): void {
  const names = [...usingOf(select)];
  if (names.length === 0) return;
  const identifiers = names.map((name) => ({ name, quoted: true, trailing_comments: [] }));
  const expressions = list(select.expressions).flatMap((each) => {
    const star = Object(each).star;
    if (!isNode(star)) return [each];
    const columns = identifiers.map((name) => ({
      column: { name, table: null, join_mark: false, trailing_comments: [] },
    }));
    return [...columns, { star: { ...star, except: identifiers } }];
  });
  Reflect.set(select, "expressions", expressions);
}

/** What has no name is called by its place. */
function nameColumns(select: Node): void {
  const expressions = list(select.expressions).map((each, at) => {
    const bare = isNode(each) ? (isNode(each.annotated) ? each.annotated.this : each) : {};
    if ("alias" in Object(bare) || "column" in Object(bare) || "star" in Object(bare)) return each;
    const alias = { name: `_col${at}`, quoted: false, trailing_comments: [] };
    const plain = { column_aliases: [], pre_alias_comments: [], trailing_comments: [] };
    return {
      alias: {
        this: each,
        alias,
        ...plain,
        alias_explicit_as: true,
        alias_keyword: "AS",
        inferred_type: null,
      },
    };
  });
  Reflect.set(select, "expressions", expressions);
}
