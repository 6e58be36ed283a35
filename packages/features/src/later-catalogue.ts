import type { CatalogueSnapshot, LaterCatalogue } from "@penstock/contracts";
import { type DuckSession, text } from "@penstock/runtime";

/**
 * Landed interactions whose products' attributes were not known yet on their day: before a source's first catalogue that one
 * holds as well, for want of another. Reads `landed`, and `products_rows` as `readCatalogue` makes it.
 *
 * @param from the first day of `landed`
 */
export async function laterCatalogue(
  snapshots: readonly CatalogueSnapshot[],
  from: string,
  session: DuckSession,
): Promise<LaterCatalogue> {
  const known = snapshots.map(({ source, holds_from }, index) =>
    snapshots[index - 1]?.source === source ? from : holds_from,
  );
  if (known.every((day) => day <= from)) return { from: null, days: 0, rows: 0 };
  const [told] = await session.rows(`
    SELECT max(p.known_from) AS known_from, count(DISTINCT l.day) AS days, count(*) AS n
    FROM landed l
    JOIN (
      SELECT product_id, list_extract([${known.map(text).join(", ")}], snapshot + 1) AS known_from
      FROM (SELECT * FROM products_rows QUALIFY source = min(source) OVER (PARTITION BY product_id))
    ) p ON p.product_id = l.product_id
    WHERE l.day < p.known_from`);
  const day = told?.known_from;
  return {
    from: typeof day === "string" ? day : null,
    days: Number(told?.days ?? 0),
    rows: Number(told?.n ?? 0),
  };
}

/** The same for people; nothing where every attribute was known at its time. */
export function laterInWords({ from, days, rows }: LaterCatalogue): string[] {
  if (from === null) return [];
  return [
    `${rows} rows of ${days} days before ${from} have category, brand and price of their products from the oldest catalogue, which holds from then on: these were not known at the time`,
  ];
}
