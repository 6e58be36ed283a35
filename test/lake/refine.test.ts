import { readFile } from "node:fs/promises";
import path from "node:path";
import { contracts } from "@penstock/contracts";
import { inspect, type RefineInput, refine } from "@penstock/lake";
import { expect, test } from "vitest";
import { refineMetrics } from "../../packages/lake/src/metrics.ts";
import { arrive, type FileColumns, rawKeyOf, type TestLake, testLake, writeParquet } from "./lake-fixture.ts";

const columns: FileColumns = {
  seller_id: "VARCHAR",
  name: "VARCHAR",
  zip_code_prefix: "VARCHAR",
  city: "VARCHAR",
  state: "VARCHAR",
  updated_at: "TIMESTAMP",
};
const seller = (id: string, rest: object = {}) => ({
  seller_id: id,
  zip_code_prefix: "01310",
  city: "Rio",
  state: "RJ",
  ...rest,
});

async function inspected(lake: TestLake, key: string): Promise<RefineInput> {
  const { table, source, etag, arrived_at } = await inspect(
    { run_id: "run", bucket: "raw", key, table: null },
    lake.ports,
  );
  if (table === null || source === null) throw new Error("refused");
  return { run_id: "run", bucket: "raw", key, table, source, etag, arrived_at };
}

async function everything(lake: TestLake): Promise<Record<string, string>> {
  const buckets = ["curated", "pending", "quarantine"].map(async (bucket) => lake.objects(bucket));
  const [metrics] = [
    Object.entries(await lake.objects("audit")).filter(([key]) => key.startsWith("metrics/")),
  ];
  return Object.assign({}, ...(await Promise.all(buckets)), Object.fromEntries(metrics));
}

test("a file without rows becomes a curated object without rows, in the contract's columns", async () => {
  await using lake = await testLake();
  const key = await lake.put("sellers", "none", columns, []);

  const { uris, ...summary } = await lake.arrive(key);

  expect(summary).toMatchObject({ rows_in: 0, curated: 0, rejected_fraction: 0 });
  expect(await lake.rows(uris.curated)).toEqual([]);
  expect([uris.pending, uris.quarantine]).toEqual([null, null]);
});

test("columns that a file lacks are NULL in curated objects, in the contract's order and types", async () => {
  await using lake = await testLake();
  const key = await lake.put(
    "sellers",
    "a",
    { state: "VARCHAR", city: "VARCHAR", zip_code_prefix: "VARCHAR", seller_id: "VARCHAR" },
    [seller("s1")],
  );

  const { uris } = await lake.arrive(key);
  const file = path.join(lake.folder, "curated.parquet");
  await lake.store.download(uris.curated, file);

  expect(await lake.session.describe(`read_parquet('${file}')`)).toEqual([
    ...["seller_id", "name", "email", "phone", "zip_code_prefix", "city", "state"].map((name) => ({
      name,
      type: "VARCHAR",
    })),
    { name: "updated_at", type: "TIMESTAMP" },
  ]);
});

test("the same event twice writes the same bytes", async () => {
  await using lake = await testLake();
  const key = await lake.put("sellers", "a", columns, [
    seller("s1"),
    seller("s1"),
    seller("bad id"),
    seller("s2"),
  ]);

  await lake.arrive(key, "first");
  const once = await everything(lake);
  await lake.arrive(key, "second");

  expect(await everything(lake)).toEqual(once);
  expect(Object.keys(once)).toHaveLength(3);
});

test("a key with spaces and letters of any script is kept as it is", async () => {
  await using lake = await testLake();
  const key = await lake.put("sellers", "März 2025 – データ & co%20=1", columns, [seller("s1")]);

  const { uris } = await lake.arrive(key);

  expect(uris.curated).toBe(
    "s3://curated/ecommerce/sellers/year=2025/month=01/day=16/März 2025 – データ & co%20=1.parquet",
  );
  expect(await lake.rows(uris.curated)).toHaveLength(1);
});

test("an object of another key, named by hand, is filed under its whole key", async () => {
  await using lake = await testLake();
  await lake.putBytes(
    "exports/sellers",
    await readFile(await writeParquet(lake.session, path.join(lake.folder, "x"), columns, [seller("s1")])),
  );
  const { etag, arrived_at } = await inspect(
    { run_id: "r", bucket: "raw", key: "exports/sellers", table: "sellers" },
    lake.ports,
  );

  const { uris } = await refine(
    {
      run_id: "r",
      bucket: "raw",
      key: "exports/sellers",
      table: "sellers",
      source: "penstock",
      etag,
      arrived_at,
    },
    lake.ports,
  );

  expect(uris.curated).toBe("s3://curated/ecommerce/sellers/by-hand/exports/sellers.parquet");
  expect(uris.metrics).toBe("s3://audit/metrics/sellers/by-hand/exports/sellers.json");
});

test("an object deleted between event and read is missing, by that name, and nothing is written", async () => {
  await using lake = await testLake();
  const key = await lake.put("sellers", "a", columns, [seller("s1")]);
  const input = await inspected(lake, key);
  await lake.store.remove(`s3://raw/${key}`);

  await expect(refine(input, lake.ports)).rejects.toMatchObject({ name: "ObjectMissing" });

  expect(await everything(lake)).toEqual({});
});

test("an object replaced after it was inspected is left to the run of its new version", async () => {
  await using lake = await testLake();
  const key = await lake.put("sellers", "a", columns, [seller("s1")]);
  const input = await inspected(lake, key);
  await lake.put("sellers", "a", columns, [seller("s2")]);

  await expect(refine(input, lake.ports)).rejects.toMatchObject({ name: "ObjectChanged" });

  expect(await everything(lake)).toEqual({});
});

test("an object replaced while it is refined is not overwritten by the older version", async () => {
  await using lake = await testLake();
  const key = await lake.put("sellers", "a", columns, [seller("s1")]);
  const input = await inspected(lake, key);
  const acquire = async (): Promise<boolean> => {
    await lake.put("sellers", "a", columns, [seller("s2")]);
    return true;
  };

  const refining = refine(input, { ...lake.ports, leases: { ...lake.ports.leases, acquire } });

  await expect(refining).rejects.toMatchObject({ name: "ObjectChanged" });
  expect(await everything(lake)).toEqual({});
});

test("an object that another execution is writing is busy, and free again afterwards", async () => {
  await using lake = await testLake();
  const key = await lake.put("sellers", "a", columns, [seller("s1")]);
  const lease = "rows/sellers/year=2025/month=01/day=16/a.parquet";
  await lake.ports.leases.acquire(lease, "another", 60);

  await expect(lake.arrive(key)).rejects.toMatchObject({ name: "ObjectBusy" });
  await lake.ports.leases.release(lease, "another");

  expect((await lake.arrive(key)).curated).toBe(1);
  expect(await lake.ports.leases.acquire(lease, "another", 60)).toBe(true);
});

test("pages that are damaged behind a sound footer make the file unsupported, by that name", async () => {
  await using lake = await testLake();
  const file = await writeParquet(
    lake.session,
    path.join(lake.folder, "x"),
    columns,
    Array.from({ length: 2000 }, (_, n) => seller(`s${n}`, { name: `seller ${n}` })),
  );
  const bytes = await readFile(file);
  bytes.fill(0xff, 4, 2000);
  await lake.putBytes(rawKeyOf("sellers", "damaged"), bytes);

  await expect(lake.arrive(rawKeyOf("sellers", "damaged"))).rejects.toMatchObject({
    name: "UnsupportedFile",
  });
});

test("more than this machine's memory can do is too large, by the name that sends it to Glue", async () => {
  await using lake = await testLake({ settings: { memoryMb: 16 } });
  const rows = Array.from({ length: 60_000 }, (_, n) =>
    seller(`s${n}`, { name: `${"seller ".repeat(40)}${n}` }),
  );
  const key = await lake.put("sellers", "large", columns, rows);

  await expect(arrive(key, "run", lake.ports)).rejects.toMatchObject({ name: "TooLarge" });
});

test("numbers that do not add up are refused before anything is put in place", () => {
  const about = {
    object: { uri: "s3://raw/x", etag: "e" },
    contract: contracts.sellers,
    source: "penstock",
  } as const;
  const counts = { rowsIn: 4, duplicates: 1, byRule: {}, byMissingParent: {}, columns: [] };

  const balanced = refineMetrics(about, counts, { curated: 1, pending: 1, quarantined: 1 });

  expect(balanced.rejected_fraction).toBe(0.25);
  expect(() => refineMetrics(about, counts, { curated: 1, pending: 0, quarantined: 1 })).toThrow(
    expect.objectContaining({ name: "BalanceBroken" }),
  );
});

test("an output that lost a row on its way to disk breaks the balance, and nothing is put in place", async () => {
  await using lake = await testLake();
  const key = await lake.put("sellers", "a", columns, [seller("s1"), seller("s2")]);
  const input = await inspected(lake, key);
  const openSession: typeof lake.ports.openSession = async (folder) => {
    const session = await lake.ports.openSession(folder);
    return {
      ...session,
      run: (sql) =>
        session.run(
          sql.replace(
            /COPY \(SELECT \* FROM "curated" ORDER BY (.*)\) TO/,
            'COPY (SELECT * FROM "curated" ORDER BY $1 LIMIT 1) TO',
          ),
        ),
    };
  };

  await expect(refine(input, { ...lake.ports, openSession })).rejects.toMatchObject({
    name: "BalanceBroken",
  });

  expect(await everything(lake)).toEqual({});
});

test("the audit object says what was read, searched, masked and written, by which contract and when", async () => {
  await using lake = await testLake();
  const key = await lake.put("sellers", "a", columns, [
    seller("s1", { name: "4111 1111 1111 1111" }),
    seller("bad id"),
  ]);

  const { uris } = await lake.arrive(key, "run-7");

  expect(uris.audit).toBe("s3://audit/audit/raw-to-curated/run-7.json");
  expect(await lake.store.getJson(uris.audit)).toMatchObject({
    run_id: "run-7",
    workflow: "raw-to-curated",
    engine: "duckdb",
    object: `s3://raw/${key}`,
    contract: { name: "sellers", version: 1 },
    source: "penstock",
    started_at: "2025-01-16T09:00:00.000Z",
    finished_at: "2025-01-16T09:00:00.000Z",
    rows_in: 2,
    curated: 1,
    quarantined: 1,
    masked: 1,
    columns: expect.arrayContaining([{ column: "name", scan: "free text", scanned: 1, masked: 1 }]),
    outputs: { curated: uris.curated, pending: null, quarantine: uris.quarantine },
  });
});

test("rows that name a parent wait for reconcile when the parents are too large to look up", async () => {
  await using lake = await testLake({ settings: { parentKeysMaxBytes: 10 } });
  const products = await lake.put("products", "a", { product_id: "VARCHAR", category: "VARCHAR" }, [
    { product_id: "p1" },
  ]);
  await lake.arrive(products);
  const key = await lake.put(
    "inventory",
    "a",
    { product_id: "VARCHAR", warehouse_id: "VARCHAR", quantity: "BIGINT" },
    [{ product_id: "p1", warehouse_id: "w1", quantity: 1 }],
  );

  expect(await lake.arrive(key)).toMatchObject({ curated: 0, pending: 1 });
});

test("pending and quarantined rows of an earlier run go when the object has none any more", async () => {
  await using lake = await testLake();
  const bad = await lake.put("sellers", "a", columns, [seller("s1"), seller("bad id")]);
  await lake.arrive(bad);
  const good = await lake.put("sellers", "a", columns, [seller("s1")]);

  const { uris } = await lake.arrive(good);

  expect(uris.quarantine).toBeNull();
  expect(await lake.objects("quarantine")).toEqual({});
});
