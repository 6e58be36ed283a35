import type { ProductRecord } from "@penstock/contracts";
import { fenced } from "@penstock/runtime/model";
import { marketNames, productLines } from "../agent/shown-lines.ts";

/**
 * The first turn of the agent's conversation. Markets are codes and names of ours; what people wrote stands in a fence, and
 * whose product it is nowhere.
 */
export function agentMessage(
  record: Pick<ProductRecord, "product_name" | "product_description" | "request">,
): string {
  const { lines } = productLines(record);
  return `Markets: ${marketNames(record.request.target_markets)}.\nWhat is asked for:\n${fenced(lines)}`;
}
