import type { Parameters } from "../../gateway/json-service.ts";
import { invalidInput } from "./shapes.ts";

/**
 * One page of a list as Glue gives it: from `NextToken`, `MaxResults` long. @throws {AwsError} InvalidInputException
 *
 * @param most how long a page may be, and is when nothing is said
 */
export function page<Item>(
  items: readonly Item[],
  { MaxResults, NextToken }: Parameters,
  most: number,
): { readonly items: readonly Item[]; readonly NextToken?: string } {
  const size = MaxResults ?? most;
  if (typeof size !== "number" || !Number.isInteger(size) || size < 1 || size > most)
    throw invalidInput(`MaxResults must be from 1 to ${most}`);
  const start = NextToken === undefined || NextToken === null ? 0 : positionIn(String(NextToken));
  const end = start + size;
  const next = end < items.length ? { NextToken: Buffer.from(`from:${end}`).toString("base64url") } : {};
  return { items: items.slice(start, end), ...next };
}

function positionIn(token: string): number {
  const found = /^from:(\d+)$/.exec(Buffer.from(token, "base64url").toString())?.[1];
  if (found === undefined) throw invalidInput("Invalid NextToken");
  return Number(found);
}
