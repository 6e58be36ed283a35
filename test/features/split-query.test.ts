import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type DuckSession, openSession, toEngine } from "@penstock/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { splitQuery } from "../../packages/features/src/feature-queries.ts";
import { seeded } from "./seeded-events.ts";

let folder: string;
let session: DuckSession;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "penstock-split-"));
  session = await openSession({ memoryMb: 500, threads: 2, tempDirectory: folder });
});

afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});

/** Puts rows at some minutes since the first day, in no order; answers the parts in the order of time. */
async function split(minutes: readonly number[]): Promise<{ minute: number; part: string }[]> {
  const values = minutes.map((minute, index) => `(${minute}, 'i${index}')`).join(", ");
  const rows = minutes.length === 0 ? "SELECT 0, 'i' WHERE FALSE" : `VALUES ${values}`;
  await session.run(
    `CREATE OR REPLACE TABLE features AS SELECT TIMESTAMP '2026-01-01' + to_minutes(m) AS occurred_at, id AS interaction_id, m AS minute FROM (${rows}) v(m, id) ORDER BY hash(id)`,
  );
  const found = await session.rows(
    `SELECT minute, split FROM (${toEngine(splitQuery(), "duckdb")}) ORDER BY minute`,
  );
  return found.map((row) => ({ minute: Number(row.minute), part: String(row.split) }));
}

const sizes = (rows: readonly { readonly part: string }[]) =>
  ["train", "validation", "test"].map((part) => rows.filter((row) => row.part === part).length);
const range = (n: number) => Array.from({ length: n }, (_, index) => index);

describe("the split of different moments is exact to the row", () => {
  test.each([
    [1, [0, 0, 1]],
    [2, [1, 0, 1]],
    [3, [2, 0, 1]],
    [5, [3, 1, 1]],
    [9, [6, 1, 2]],
    [10, [7, 1, 2]],
    [11, [7, 1, 3]],
    [99, [69, 10, 20]],
    [5000, [3500, 500, 1000]],
  ])("%i rows", async (n, wanted) => {
    const rows = await split(range(n));

    expect(sizes(rows)).toEqual(wanted);
    expect(rows.map(({ part }) => part)).toEqual(
      ["train", "validation", "test"].flatMap((part, at) => range(wanted[at] ?? 0).map(() => part)),
    );
  });
});

describe("rows of one moment stay together, in the part of the first of them", () => {
  test.each([
    ["over the end of train", [0, 1, 2, 3, 4, 5, 6, 6, 6, 9], [9, 0, 1]],
    ["up to the end of train", [0, 1, 2, 3, 6, 6, 6, 7, 8, 9], [7, 1, 2]],
    ["over the end of validation", [0, 1, 2, 3, 4, 5, 6, 7, 7, 9], [7, 2, 1]],
    ["all of one moment", [3, 3, 3, 3, 3, 3, 3, 3, 3, 3], [10, 0, 0]],
    [
      "over both ends, from a day to the next",
      [0, 0, 1440, 1440, 1440, 1440, 1440, 1440, 1440, 1440],
      [10, 0, 0],
    ],
  ])("%s", async (_, minutes, wanted) => {
    expect(sizes(await split(minutes))).toEqual(wanted);
  });
});

test("without rows there are none", async () => {
  expect(await split([])).toEqual([]);
});

test("100,000 rows with equal moments over months are split as sorting them all would", async () => {
  const random = seeded(3);
  const minutes = range(100_000).map(() => Math.floor(random() ** 2 * 60_000));
  const sorted = minutes.toSorted((a, b) => a - b);
  const end = (share: number) => sorted[Math.floor((sorted.length * share) / 10) - 1] ?? -1;

  const rows = await split(minutes);

  expect(rows.length).toBe(minutes.length);
  const wrong = rows.filter(
    ({ minute, part }) => part !== (minute <= end(7) ? "train" : minute <= end(8) ? "validation" : "test"),
  );
  expect(wrong).toEqual([]);
});
