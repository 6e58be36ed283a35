/** Prefix of all of a table's objects in the curated and in the pending bucket. */
export function rowsPrefix(table: string): string {
  return `ecommerce/${table}/`;
}

/** Key in the audit bucket of the orders that break a rule over several tables. */
export const violationsKey = "violations/orders.parquet";
