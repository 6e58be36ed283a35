import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { type JsonRow, type TestLake, testLake } from "./lake-fixture.ts";

const columns = {
  customer_id: "VARCHAR",
  person_id: "VARCHAR",
  name: "VARCHAR",
  email: "VARCHAR",
  zip_code_prefix: "VARCHAR",
  city: "VARCHAR",
  state: "VARCHAR",
  notes: "VARCHAR",
  updated_at: "TIMESTAMP",
};

/** 150,000 rows, more than two row groups, with repeated keys, exact copies, cards and rejected rows, in no order. */
const rows: readonly JsonRow[] = Array.from({ length: 150_000 }, (_, index) => {
  const number = (index * 7919) % 140_000;
  return {
    customer_id: number % 97 === 0 ? `not an id ${number}` : `c${number}`,
    person_id: `p${number % 50_000}`,
    name: `name ${number % 1000}`,
    email: number % 3 === 0 ? `someone.${number}@example.com` : null,
    zip_code_prefix: String(10_000 + (number % 80_000)),
    city: "São Paulo",
    state: number % 89 === 0 ? "S" : "SP",
    notes: number % 50 === 0 ? `card 4111 1111 1111 1111, row ${number}` : null,
    updated_at: number % 5 === 0 ? null : `2025-01-${String(1 + (index % 28)).padStart(2, "0")} 08:00:00`,
  };
});

async function refined(shuffled: readonly JsonRow[], options: { threads: number; memoryMb: number }) {
  await using lake = await testLake({ threads: options.threads, settings: { memoryMb: options.memoryMb } });
  const key = await lake.put("customers", "a", columns, shuffled);
  const { uris, ...summary } = await lake.arrive(key);
  return { summary, objects: await bytes(lake), metrics: await lake.store.getJson(uris.metrics) };
}

async function bytes(lake: TestLake): Promise<unknown> {
  return { curated: await lake.objects("curated"), quarantine: await lake.objects("quarantine") };
}

test("one file is refined to the same bytes on one thread or many, in much memory or little", async () => {
  const once = await refined(rows, { threads: 1, memoryMb: 1000 });

  const again = await refined(rows, { threads: 1, memoryMb: 1000 });
  const manyThreads = await refined(rows, { threads: Math.max(4, availableParallelism()), memoryMb: 1000 });
  const littleMemory = await refined(rows, { threads: 3, memoryMb: 70 });

  expect(once.summary).toMatchObject({ rows_in: 150_000, pending: 0 });
  expect(once.summary.quarantined).toBeGreaterThan(1000);
  expect(once.summary.duplicates).toBeGreaterThan(5000);
  expect(once.summary.masked).toBeGreaterThan(10_000);
  for (const other of [again, manyThreads, littleMemory]) expect(other).toEqual(once);
}, 300_000);

test("the order of a file's rows changes nothing but the file's own entity tag", async () => {
  const forwards = await refined(rows, { threads: 2, memoryMb: 500 });
  const backwards = await refined(rows.toReversed(), { threads: 2, memoryMb: 500 });

  expect(backwards.objects).toEqual(forwards.objects);
  expect(backwards.summary).toEqual(forwards.summary);
}, 300_000);
