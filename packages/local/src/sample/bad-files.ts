import type { Column } from "@penstock/contracts";
import type { Expected } from "./ledger.ts";
import { rawKey, type SampleTable } from "./objects.ts";
import { parquetBytes } from "./parquet.ts";
import type { Planting } from "./planting.ts";
import type { Row } from "./population.ts";

/** A file of the sample that is planted whole. */
export interface PlantedFile {
  kind: string;
  key: string;
  table: string;
  bytes: Uint8Array;
  expected: Expected;
}

/** Files that must be refused whole, each for a reason of its own, and one without rows that must not be. */
export function badFiles(planting: Planting): PlantedFile[] {
  const columnsOf = (table: SampleTable): readonly Column[] => planting.contract(table).columns;
  const rowsOf = (table: SampleTable): Row[] => Array.from({ length: 20 }, () => planting.fresh(table));
  const whole = (table: SampleTable): Uint8Array => parquetBytes(columnsOf(table), rowsOf(table), "typed");
  const refused = (kind: string, table: string, reason: string, bytes: Uint8Array): PlantedFile => ({
    kind: `files: ${kind}`,
    key: rawKey(table, 28, kind),
    table,
    bytes,
    expected: { outcome: "refused", reason },
  });
  const payments = columnsOf("payments");
  const sellers = columnsOf("sellers");
  const customers = whole("customers");
  return [
    refused("not Parquet", "products", "NotParquet", new TextEncoder().encode("product_id;price\n1;2,50\n")),
    refused("truncated", "customers", "TruncatedParquet", customers.slice(0, customers.length - 200)),
    refused("empty", "orders", "EmptyFile", new Uint8Array()),
    refused("unknown table", "warehouses", "UnknownTable", whole("inventory")),
    refused(
      "a column missing",
      "payments",
      "SchemaMismatch",
      parquetBytes(
        payments.filter(({ name }) => name !== "order_id"),
        rowsOf("payments"),
        "typed",
      ),
    ),
    refused(
      "a column too many",
      "sellers",
      "SchemaMismatch",
      parquetBytes([...sellers, extraColumn("rating")], rowsOf("sellers"), "typed"),
    ),
    refused(
      "another type",
      "reviews",
      "SchemaMismatch",
      parquetBytes(
        columnsOf("reviews").map((column) =>
          column.name === "review_id" ? { ...column, type: "boolean" as const } : column,
        ),
        rowsOf("reviews").map((row) => ({ ...row, review_id: true })),
        "typed",
      ),
    ),
    refused(
      "300 columns",
      "inventory",
      "TooManyColumns",
      parquetBytes(
        Array.from({ length: 300 }, (_, n) => extraColumn(`c${n}`)),
        [{}],
        "typed",
      ),
    ),
    {
      kind: "files: no rows",
      key: rawKey("sellers", 27, "no rows"),
      table: "sellers",
      bytes: parquetBytes(sellers, [], "typed"),
      expected: { outcome: "accepted", rows: 0 },
    },
  ];
}

function extraColumn(name: string): Column {
  return { name, type: "string", nullable: true, optional: true, freeText: false };
}
