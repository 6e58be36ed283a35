import path from "node:path";
import { openSession, text } from "@penstock/runtime";
import { LIMITS, measure } from "./refine-measure.ts";

// DuckDB doing the least that could be called the job: read, keep the latest row of each key, write. It checks no rule,
// looks up no parent, masks nothing, and its bytes are others each time, as nothing is ordered.
await measure(async ({ items }, folder) => {
  await using session = await openSession({ ...LIMITS, tempDirectory: path.join(folder, "spill") });
  const out = path.join(folder, "curated.parquet");
  await session.run(
    `COPY (SELECT * FROM read_parquet(${text(items)}) QUALIFY row_number() OVER (PARTITION BY order_id, order_item_id ORDER BY updated_at DESC NULLS LAST) = 1) TO ${text(out)} (FORMAT parquet, COMPRESSION snappy)`,
  );
  const [row] = await session.rows(`SELECT count(*) AS n FROM read_parquet(${text(out)})`);
  return Number(row?.n);
});
