import { readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { expect, test } from "vitest";
import { type TestLake, testLake, writeParquet } from "./lake-fixture.ts";

const golden = fileURLToPath(new URL("golden", import.meta.url));

const File = v.object({
  columns: v.record(v.string(), v.string()),
  rows: v.array(v.record(v.string(), v.unknown())),
});
const Case = v.object({
  ...File.entries,
  about: v.string(),
  table: v.string(),
  /** What is curated of the parents already. */
  curated: v.optional(v.record(v.string(), File), {}),
});

for (const name of readdirSync(golden)) {
  const folder = path.join(golden, name);
  const { about, table, columns, rows, curated } = v.parse(Case, read(path.join(folder, "input.json")));

  test(`${name.replaceAll("-", " ")}: ${about}`, async () => {
    await using lake = await testLake();
    for (const [parent, file] of Object.entries(curated)) await putCurated(lake, parent, file);
    const key = await lake.put(table, "a", columns, rows);

    const { uris, ...summary } = await lake.arrive(key);

    const found = {
      summary,
      curated: await lake.rows(uris.curated),
      pending: uris.pending === null ? null : await lake.rows(uris.pending),
      quarantine: uris.quarantine === null ? null : await lake.rows(uris.quarantine),
      metrics: await lake.store.getJson(uris.metrics),
    };
    if (process.env.GOLDEN === "write")
      await writeFile(path.join(folder, "expected.json"), `${JSON.stringify(found, null, 2)}\n`);
    expect(found).toEqual(read(path.join(folder, "expected.json")));
  });
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}

async function putCurated(lake: TestLake, table: string, file: v.InferOutput<typeof File>): Promise<void> {
  const written = await writeParquet(
    lake.session,
    path.join(lake.folder, `curated-${table}`),
    file.columns,
    file.rows,
  );
  await lake.store.upload(written, `s3://curated/ecommerce/${table}/parents.parquet`);
}
