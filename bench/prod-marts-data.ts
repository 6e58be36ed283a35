import { mkdir } from "node:fs/promises";
import path from "node:path";
import {
  type Contract,
  contracts,
  rowsPrefix,
  sqlType,
  tableRules,
  violationsKey,
} from "@penstock/contracts";
import { identifier, openSession, text, toEngine } from "@penstock/runtime";

/** Tables that grow with the business; a catalogue and its sellers stay as they are. */
const GROWING: ReadonlySet<string> = new Set(["customers", "orders", "order_items", "payments", "reviews"]);
/** Columns that tell one copy's rows from another's. */
const OWN_IDS: ReadonlySet<string> = new Set(["customer_id", "person_id", "order_id", "review_id"]);

/**
 * Writes Olist as curated objects under `root` (a folder of buckets `curated` and `audit`), with the list of violating
 * orders; answers how many curated rows these are. `scale` copies of what grows, each an object of its own with ids of
 * its own and a day later than the one before.
 */
export async function makeCuratedOlist(olist: string, root: string, scale: number): Promise<number> {
  await using session = await openSession({ memoryMb: 1500, threads: 2, tempDirectory: `${root}-spill` });
  let rows = 0;
  for (const contract of Object.values<Contract>(contracts)) {
    const source = contract.sources.olist;
    if (source === undefined) continue;
    const folder = path.join(root, "curated", rowsPrefix(contract.name), "year=2025/month=01/day=16");
    await mkdir(folder, { recursive: true });
    const copies = GROWING.has(contract.name) ? scale : 1;
    for (let copy = 0; copy < copies; copy++) {
      const columns = contract.columns
        .filter(({ sensitive }) => sensitive !== "cvv")
        .map((column) => {
          const [from] = Object.entries(source.columns).find(([, to]) => to === column.name) ?? [];
          const type = sqlType(column);
          const value = from === undefined ? "NULL" : own(column.name, identifier(from), type, copy);
          return `CAST(${value} AS ${type}) AS ${identifier(column.name)}`;
        });
      const keys = contract.primaryKey.map(identifier).join(", ");
      const files = source.files.map((name) => path.join(olist, `${name}.parquet`));
      const [file = ""] = files;
      const target = path.join(folder, `${contract.name}-${copy}.parquet`);
      const [done] = await session.rows(
        `COPY (SELECT DISTINCT ON (${keys}) ${columns.join(", ")} FROM read_parquet(${text(file)}) ORDER BY ${keys}, ${identifier(contract.latestBy)} DESC NULLS LAST) TO ${text(target)} (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 61440)`,
      );
      rows += Number(done?.Count);
    }
    await session.run(
      `CREATE VIEW ${identifier(contract.name)} AS SELECT * FROM read_parquet(${text(`${folder}/*.parquet`)}, hive_partitioning = false)`,
    );
  }
  const list = path.join(root, "audit", violationsKey);
  await mkdir(path.dirname(list), { recursive: true });
  const rules = tableRules.map(
    ({ sql }) => `SELECT order_id, "rule", expected, found FROM (${toEngine(sql, "duckdb")})`,
  );
  await session.run(
    `COPY (SELECT * FROM (${rules.join(" UNION ALL ")}) ORDER BY ALL) TO ${text(list)} (FORMAT parquet, COMPRESSION snappy)`,
  );
  return rows;
}

function own(column: string, from: string, type: string, copy: number): string {
  if (copy === 0) return from;
  if (OWN_IDS.has(column)) return `md5(${from} || ${text(String(copy))})`;
  return type === "TIMESTAMP" ? `${from} + INTERVAL ${copy} DAY` : from;
}
