import type { GlueColumn, GlueTable } from "../compile/glue.ts";

/**
 * The clean tables that features are computed from. A `snapshot` is the attempt whose view of all days it is; the rows of
 * a day lie where the attempt that cleaned that day put them.
 */
export interface CleanTable {
  /** As the SQL of features calls it. */
  readonly name: "interactions" | "products" | "users";
  readonly description: string;
  readonly columns: readonly GlueColumn[];
  /** Below the snapshot. */
  readonly partitionKeys: readonly GlueColumn[];
  /** By what the rows of an object are sorted; unique within it. */
  readonly orderBy: readonly string[];
}

type Columns = Readonly<Record<string, readonly [type: string, comment: string]>>;

const columnsOf = (columns: Columns): GlueColumn[] =>
  Object.entries(columns).map(([name, [type, comment]]) => ({ name, type, comment }));

const snapshot: GlueColumn = { name: "snapshot", type: "string", comment: "the attempt whose view it is" };
const day: GlueColumn = { name: "day", type: "string", comment: "day of the event in UTC, YYYY-MM-DD" };

/** Interactions without duplicates, bots and products that are not for sale; attributes as of the event. */
const interactions: CleanTable = {
  name: "interactions",
  description: "What people did with products, cleaned",
  columns: columnsOf({
    interaction_id: ["string", "unique within the look-back"],
    user_id: ["string", "the person"],
    product_id: ["string", "the product"],
    interaction_type: ["string", "view, add_to_cart or purchase"],
    occurred_at: ["timestamp", "moment of the event, UTC"],
    session_id: ["string", "the visit"],
    rating: ["double", "1 to 5; null where none was given"],
    device_type: ["string", "mobile, desktop or tablet; 'unknown' where it was not told"],
    page_context: ["string", "lower case; 'unknown' where it was not told"],
    category: [
      "string",
      "of the product on the day of the event; null where it has none or is in no catalogue",
    ],
    subcategory: ["string", "as category"],
    brand: ["string", "as category"],
    price: ["decimal(12,2)", "of one piece on the day of the event; null where it is not known"],
  }),
  partitionKeys: [day],
  orderBy: ["occurred_at", "interaction_id"],
};

const products: CleanTable = {
  name: "products",
  description: "The catalogue as of the last day",
  columns: columnsOf({
    product_id: ["string", "the product"],
    name: ["string", "as given"],
    category: ["string", "lower case, without outer and doubled spaces; null where it has none"],
    subcategory: ["string", "as category"],
    brand: ["string", "as category"],
    price: ["decimal(12,2)", "of one piece"],
    description: ["string", "as given"],
    attributes: ["string", "JSON"],
    avg_rating: ["double", "0 to 5, as the catalogue says"],
    num_reviews: ["bigint", "as the catalogue says"],
    created_at: ["timestamp", "UTC"],
    is_active: ["boolean", "false: not for sale; never null"],
  }),
  partitionKeys: [],
  orderBy: ["product_id"],
};

const users: CleanTable = {
  name: "users",
  description: "The users as of the last day",
  columns: columnsOf({
    user_id: ["string", "the person"],
    age_group: ["string", "as given; null where it is not known"],
    gender: ["string", "as given; null where it is not known"],
    location: ["string", "as given; null where it is not known"],
    join_date: ["timestamp", "UTC"],
    customer_segment: ["string", "lower case; null where it is not known"],
    preferences: ["string", "JSON"],
  }),
  partitionKeys: [],
  orderBy: ["user_id"],
};

/** The clean tables by the names that features know them by. */
export const cleanTables = { interactions, products, users } as const;

/** The Glue table of clean rows, `clean_<name>`; where its partitions lie is said when they are registered. */
export function cleanGlueTable({ name, description, columns, partitionKeys }: CleanTable): GlueTable {
  return {
    name: `clean_${name}`,
    description,
    columns,
    partitionKeys: [snapshot, ...partitionKeys],
    parameters: { classification: "parquet", "parquet.compression": "SNAPPY" },
    inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    serializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
  };
}
