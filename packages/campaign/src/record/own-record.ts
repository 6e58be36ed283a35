import type { CampaignId, ProductRecord } from "@penstock/contracts";
import { InvalidInput } from "@penstock/runtime/errors";
import type { ProductRecords } from "./product-records.ts";

/** Which execution works on which product. */
export interface CampaignRun {
  /** The correlation id. */
  readonly run_id: string;
  readonly product_id: CampaignId;
}

/**
 * The record of the product that an execution is about.
 * @throws {InvalidInput} for a product of another execution
 */
export async function ownRecord(
  records: Pick<ProductRecords, "read">,
  { run_id, product_id }: CampaignRun,
): Promise<ProductRecord> {
  const record = await records.read(product_id);
  requireOwn(record, { run_id, product_id });
  return record;
}

/** @throws {InvalidInput} for a record of another product, or of another execution */
export function requireOwn(record: ProductRecord, { run_id, product_id }: CampaignRun): void {
  if (record.product_id !== product_id || record.correlation_id !== run_id)
    throw new InvalidInput(`the record is not the one of product ${product_id} and execution ${run_id}`);
}
