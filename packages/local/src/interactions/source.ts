/**
 * A published clickstream or basket data set, as DuckDB reads it from its folder. Each query gives the columns of the
 * contract of the same name; what the source does not know is NULL, and nothing is made up.
 */
export interface ClickSource {
  /** For people. */
  readonly title: string;
  /** Queries of the rows that are interactions and users; `interactions` has its moment as `occurred_at`. */
  readonly interactions: string;
  readonly users: string;
  /** Query of the products as they were known when a day (`YYYY-MM-DD`, UTC) began: nothing later is in it. */
  products(day: string): string;
  /** What is known of products changes as time goes by: each month has a catalogue of its own. */
  readonly monthly: boolean;
}

/** Columns of an interaction that a source may not know. */
export const unknownInteraction = "CAST(NULL AS DOUBLE) AS rating, NULL AS device_type";

/** What the catalogue's products have beside the columns that a source knows. */
export const unknownProduct = `NULL AS description, NULL AS attributes, CAST(NULL AS DOUBLE) AS avg_rating,
  CAST(NULL AS BIGINT) AS num_reviews, true AS is_active`;
