import { hash } from "node:crypto";
import type { Parameters } from "../../gateway/json-service.ts";
import { isRecord } from "../../permissions/facts.ts";

/** Items by the keys under which dynalite has them. */
export interface PlainPuts {
  readonly table: string;
  readonly items: ReadonlyMap<string, string>;
}

/** What DynamoDB has for a whole request, an item's bytes and a key's. */
const MOST = { items: 25, itemBytes: 400 * 1024, keyBytes: 2048 } as const;

/** Whole numbers as DynamoDB keeps them: nothing in them that it would write otherwise. */
const PLAIN_NUMBER = /^(?:0|-?[1-9]\d{0,17})$/;

/**
 * What a `BatchWriteItem` writes, where nothing about it could be refused: whole items of texts and whole numbers into one
 * table, each once, and no question besides. Undefined for every other call: dynalite looks at all of those. Its look
 * at a value takes longer than all the rest of a write, and publications are made of these values.
 *
 * @param keyOf name of the table's key, if that is one text and the table has no secondary indexes
 */
export function plainPuts(
  parameters: Parameters,
  keyOf: (table: string) => string | undefined,
): PlainPuts | undefined {
  const [table, requests] = onlyEntry(onlyEntry(parameters, "RequestItems")[1]);
  if (!Array.isArray(requests) || requests.length === 0 || requests.length > MOST.items) return undefined;
  const key = keyOf(table);
  if (key === undefined) return undefined;
  const items = new Map<string, string>();
  for (const request of requests) {
    const [, item] = onlyEntry(onlyEntry(request, "PutRequest")[1], "Item");
    const name = isRecord(item) ? nameOf(item, key) : undefined;
    if (name === undefined) return undefined;
    const text = JSON.stringify(item);
    // Never shorter than what DynamoDB counts of an item.
    if (text.length > MOST.itemBytes) return undefined;
    items.set(name, text);
  }
  return items.size === requests.length ? { table, items } : undefined;
}

/** Under which name a plain item lies, which is dynalite's own form: the digest's beginning, then the key. Undefined when it is not plain. */
function nameOf(item: Readonly<Record<string, unknown>>, key: string): string | undefined {
  for (const attribute in item) if (!isPlain(item[attribute])) return undefined;
  const [type, id] = onlyEntry(item[key]);
  if (type !== "S" || typeof id !== "string" || id === "" || id.length > MOST.keyBytes) return undefined;
  return `${hash("md5", `Outliers${id}`).slice(0, 6)}/${Buffer.from(id).toString("hex")}/`;
}

function isPlain(value: unknown): boolean {
  const [type, plain] = onlyEntry(value);
  if (typeof plain !== "string") return false;
  return type === "S" || (type === "N" && PLAIN_NUMBER.test(plain));
}

const nothing = ["", undefined] as const;

/** The one entry of a record that has one only, and that of this name if one is given. */
function onlyEntry(value: unknown, wanted?: string): readonly [string, unknown] {
  if (!isRecord(value)) return nothing;
  let only: string | undefined;
  for (const name in value) {
    if (only !== undefined) return nothing;
    only = name;
  }
  return only === undefined || (wanted !== undefined && only !== wanted) ? nothing : [only, value[only]];
}
