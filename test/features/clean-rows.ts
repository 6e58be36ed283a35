import { writeFile } from "node:fs/promises";
import path from "node:path";
import { cleanTables } from "@penstock/contracts";
import { type DuckSession, text } from "@penstock/runtime";
import type { Event, Product } from "./feature-oracle.ts";

/** A moment as SQL reads it. */
const moment = (at: number) => new Date(at).toISOString().replace("T", " ").replace("Z", "");
const money = (cents: number | null) => (cents === null ? null : (cents / 100).toFixed(2));

/** Columns of a clean table as DuckDB's JSON reader takes them. */
function columnsOf(name: "interactions" | "products"): string {
  const { columns, partitionKeys } = cleanTables[name];
  const typed = [...columns, ...partitionKeys].map(
    ({ name: column, type }) => `${column}: '${type === "string" ? "VARCHAR" : type}'`,
  );
  return `{${typed.join(", ")}}`;
}

/** Makes the tables `all_interactions` and `products` of a session, in the columns and types of the clean tables. */
export async function putCleanRows(
  session: DuckSession,
  folder: string,
  { events, catalogue }: { readonly events: readonly Event[]; readonly catalogue: readonly Product[] },
): Promise<void> {
  const interactions = events.map(({ id, user, product, type, at, session: session_id, price, ...more }) => ({
    interaction_id: id,
    user_id: user,
    product_id: product,
    interaction_type: type,
    occurred_at: moment(at),
    session_id,
    device_type: "mobile",
    page_context: "search",
    price: money(price),
    day: moment(at).slice(0, 10),
    ...more,
  }));
  const products = catalogue.map(({ id, category, price, created, inactive = false }) => ({
    product_id: id,
    category,
    price: money(price),
    created_at: created === null ? null : moment(created),
    is_active: !inactive,
  }));
  for (const [name, table, rows] of [
    ["interactions", "all_interactions", interactions],
    ["products", "products", products],
  ] as const) {
    const file = path.join(folder, `${table}.jsonl`);
    await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    const source = `read_json(${text(file)}, format = 'newline_delimited', columns = ${columnsOf(name)})`;
    await session.run(`CREATE OR REPLACE TABLE ${table} AS SELECT * FROM ${source}`);
  }
}
