import { casts } from "./casts.ts";
import { lists } from "./lists.ts";
import { numbers } from "./numbers.ts";
import { texts } from "./texts.ts";
import { times } from "./times.ts";

/** Something that Trino and DuckDB do differently, or by the types of its operands. */
export interface Operation {
  /** Name in {@link bodyOf}. */
  readonly kind: string;
  /** What is no operand but known when the query is read, such as a unit of time; empty for nothing. */
  readonly detail: string;
}

/**
 * What DuckDB computes to give Trino's answer, over the operands' names (`operandName`) of these types, as DuckDB calls
 * them. @throws TrinoRefusal for types that Trino has no such operation of
 */
export type Body = (types: readonly string[], detail: string) => string;

const bodies: Readonly<Record<string, Body>> = { ...numbers, ...texts, ...times, ...lists, ...casts };

/** The body of an operation's macro. @throws TrinoRefusal */
export function bodyOf({ kind, detail }: Operation, types: readonly string[]): string {
  const body = bodies[kind];
  if (body === undefined) throw new Error(`no operation ${kind}`);
  return body(types, detail);
}
