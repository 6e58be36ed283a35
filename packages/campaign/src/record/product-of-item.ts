import { ProductRecord } from "@penstock/contracts";
import { ContractViolation } from "@penstock/runtime/errors";
import * as v from "valibot";

/**
 * The record in an item as a state machine has it, with DynamoDB's types.
 * @throws {ContractViolation} for an item that is none
 */
export function productOfItem(item: Readonly<Record<string, unknown>>): ProductRecord {
  const parsed = v.safeParse(ProductRecord, plainMap(item));
  if (parsed.success) return parsed.output;
  throw new ContractViolation("the item is no product's record");
}

function plainMap(item: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plain(value)]));
}

/** A value of DynamoDB's, whose one member is its type. Of sets and bytes a record has none. */
function plain(value: unknown): unknown {
  if (!isObject(value)) return undefined;
  const [[type, held] = [undefined, undefined]] = Object.entries(value);
  if (type === "S" || type === "BOOL") return held;
  if (type === "N") return Number(held);
  if (type === "L" && Array.isArray(held)) return held.map(plain);
  if (type === "M" && isObject(held)) return plainMap(held);
  // Step Functions spells this one's name as the SDK of its integration does: `NULL`, or `Nul`.
  return held === true ? null : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
