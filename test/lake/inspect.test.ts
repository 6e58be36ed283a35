import { readFile } from "node:fs/promises";
import path from "node:path";
import { type Inspection, inspect } from "@penstock/lake";
import { text } from "@penstock/runtime";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FileColumns, rawKeyOf, type TestLake, testLake, writeParquet } from "./lake-fixture.ts";

const columns: FileColumns = {
  product_id: "VARCHAR",
  warehouse_id: "VARCHAR",
  quantity: "BIGINT",
};
const rows = Array.from({ length: 500 }, (_, index) => ({
  product_id: `p${index}`,
  warehouse_id: "w1",
  quantity: index,
}));

let lake: TestLake;

beforeAll(async () => {
  lake = await testLake();
});
afterAll(() => lake[Symbol.asyncDispose]());

function look(key: string, table: string | null = null): Promise<Inspection> {
  return inspect({ run_id: "run-1", bucket: "raw", key, table }, lake.ports);
}

async function soundBytes(): Promise<Uint8Array> {
  return readFile(await writeParquet(lake.session, path.join(lake.folder, "sound"), columns, rows));
}

/** A file that DuckDB writes with a statement's options. */
async function copied(name: string, select: string, options: string): Promise<string> {
  const file = path.join(lake.folder, `${name}.parquet`);
  await lake.session.run(`COPY (${select}) TO ${text(file)} (FORMAT parquet, ${options})`);
  const key = rawKeyOf("inventory", name);
  await lake.putBytes(key, await readFile(file));
  return key;
}

describe("an object that can be refined", () => {
  test("goes to Lambda with its rows, its bytes and the source of its column names", async () => {
    const key = await lake.put("inventory", "sound", columns, rows);

    const seen = await look(key);

    expect(seen).toMatchObject({
      route: "lambda",
      table: "inventory",
      source: "penstock",
      rows: 500,
      arrived_at: "2025-01-16T08:00:00.000Z",
      reason: null,
      manifest: null,
    });
    const object = await lake.store.head(`s3://raw/${key}`);
    expect([seen.bytes, seen.etag]).toEqual([object?.bytes, object?.etag]);
  });

  test("goes to Glue when it has more bytes than Lambda takes", async () => {
    const key = await lake.put("inventory", "large", columns, rows);
    const settings = { ...lake.ports.settings, lambdaMaxBytes: 100 };

    const seen = await inspect(
      { run_id: "run-1", bucket: "raw", key, table: null },
      { ...lake.ports, settings },
    );

    expect(seen.route).toBe("glue");
  });

  test("may have no rows", async () => {
    const key = await lake.put("inventory", "none", columns, []);

    expect(await look(key)).toMatchObject({ route: "lambda", rows: 0 });
  });

  test("may have any key when the table is named by hand", async () => {
    await lake.putBytes("exports/Lagerbestände März (neu).parquet", await soundBytes());

    const seen = await look("exports/Lagerbestände März (neu).parquet", "inventory");

    expect(seen).toMatchObject({ route: "lambda", table: "inventory", rows: 500 });
  });
});

describe("a file that is refused whole", () => {
  test("leaves a manifest that says which file, which version and why", async () => {
    const key = rawKeyOf("inventory", "readme");
    await lake.putBytes(key, Buffer.from("product_id,warehouse_id,quantity\np1,w1,4\n"));

    const { route, reason, manifest, etag } = await look(key);

    expect([route, reason]).toEqual(["quarantine", "NotParquet"]);
    expect(manifest).toMatchObject({
      bucket: "quarantine",
      key: "files/inventory-raw/year=2025/month=01/day=16/readme.parquet.json",
    });
    expect(JSON.parse(manifest?.body ?? "")).toEqual({
      source: `s3://raw/${key}`,
      etag,
      bytes: 41,
      rows: null,
      table: "inventory",
      reason: "NotParquet",
      detail: "it does not begin with PAR1",
      run_id: "run-1",
    });
  });

  test.each([1, 3, 7, 11])(
    "as truncated after %i bytes, or as no Parquet before the magic is whole",
    async (size) => {
      const key = rawKeyOf("inventory", `cut-${size}`);
      await lake.putBytes(key, (await soundBytes()).subarray(0, size));

      expect((await look(key)).reason).toBe(size < 4 ? "NotParquet" : "TruncatedParquet");
    },
  );

  test("as truncated when its end is missing, or its beginning is followed by another file's end", async () => {
    const sound = await soundBytes();
    await lake.putBytes(rawKeyOf("inventory", "half"), sound.subarray(0, sound.length / 2));
    const spliced = Buffer.concat([sound.subarray(0, 400), sound.subarray(-900)]);
    await lake.putBytes(rawKeyOf("inventory", "spliced"), spliced);

    expect((await look(rawKeyOf("inventory", "half"))).reason).toBe("TruncatedParquet");
    expect((await look(rawKeyOf("inventory", "spliced"))).reason).toBe("TruncatedParquet");
  });

  test("as no Parquet when its footer is garbage", async () => {
    const garbage = Buffer.concat([
      Buffer.from("PAR1"),
      Buffer.alloc(64, 0xff),
      Buffer.from([40, 0, 0, 0]),
      Buffer.from("PAR1"),
    ]);
    await lake.putBytes(rawKeyOf("inventory", "garbage"), garbage);

    expect((await look(rawKeyOf("inventory", "garbage"))).reason).toBe("NotParquet");
  });

  test("as empty when it has no bytes", async () => {
    await lake.putBytes(rawKeyOf("inventory", "empty"), new Uint8Array(0));

    expect((await look(rawKeyOf("inventory", "empty"))).reason).toBe("EmptyFile");
  });

  test("as unsupported when its footer is encrypted", async () => {
    await lake.putBytes(
      rawKeyOf("inventory", "secret"),
      Buffer.concat([Buffer.from("PARE"), Buffer.alloc(64), Buffer.from("PARE")]),
    );

    expect((await look(rawKeyOf("inventory", "secret"))).reason).toBe("UnsupportedParquet");
  });

  test("as unsupported when it is compressed in a way that the engines cannot read", async () => {
    const buffer = parquetWriteBuffer({
      columnData: [{ name: "product_id", data: ["p1", "p2"], type: "STRING" }],
      codec: "LZO",
      compressors: { LZO: (bytes) => bytes },
    });
    await lake.putBytes(rawKeyOf("inventory", "lzo"), new Uint8Array(buffer));

    const { reason, detail } = await look(rawKeyOf("inventory", "lzo"));

    expect(reason).toBe("UnsupportedParquet");
    expect(detail).toMatch(/^column "product_id" is compressed as LZO; readable: /);
  });

  test("with the missing and the unknown columns by name", async () => {
    const key = await lake.put(
      "inventory",
      "renamed",
      { product_id: "VARCHAR", warehouse: "VARCHAR", quantity: "BIGINT" },
      [],
    );

    const { reason, detail } = await look(key);

    expect(reason).toBe("SchemaMismatch");
    expect(detail).toBe('against source "penstock": missing: warehouse_id; not known: warehouse');
  });

  test("when a column has a type that cannot be read as the contract's", async () => {
    const key = await copied(
      "typed",
      "SELECT 'p1' AS product_id, 'w1' AS warehouse_id, [1, 2] AS quantity",
      "COMPRESSION snappy",
    );

    const { reason, detail } = await look(key);

    expect(reason).toBe("SchemaMismatch");
    expect(detail).toMatch(/^column "quantity" is LIST, not /);
  });

  test("as having too many columns, before any is compared", async () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`column_${index}`, "BIGINT"]));
    const key = await lake.put("inventory", "wide", many, []);

    expect(await look(key)).toMatchObject({
      reason: "TooManyColumns",
      detail: "it has 300 columns; at most 256 are looked at",
    });
  });

  test("as of an unknown table, with those that are known", async () => {
    await lake.putBytes("ecommerce/invoices-raw/year=2025/month=01/day=16/a.parquet", await soundBytes());
    await lake.putBytes("somewhere/else.parquet", await soundBytes());

    expect(await look("ecommerce/invoices-raw/year=2025/month=01/day=16/a.parquet")).toMatchObject({
      route: "quarantine",
      reason: "UnknownTable",
      table: "invoices",
    });
    const elsewhere = await look("somewhere/else.parquet");
    expect(elsewhere).toMatchObject({ reason: "UnknownTable", table: null });
    expect(elsewhere.manifest?.key).toBe("files/by-hand/somewhere/else.parquet.json");
  });
});

test("an object that was deleted after its event is missing, by that name", async () => {
  await expect(look(rawKeyOf("inventory", "gone"))).rejects.toMatchObject({ name: "ObjectMissing" });
});

test("a key that names one table and an input that names another are refused", async () => {
  const key = await lake.put("inventory", "whose", columns, rows);

  await expect(look(key, "orders")).rejects.toMatchObject({ name: "InvalidInput" });
});
