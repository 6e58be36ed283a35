import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSession, text } from "@penstock/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Ended, penstockStart, root } from "./start-command.ts";

const data = join(root, "../shared/data");
// In CI the data must be there: a test that is skipped proves nothing.
const absent = !existsSync(data) && process.env.CI === undefined;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "penstock-clicks-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Files of a published data set with some of their rows: `FILE` in a query is the whole file, `SLICE` where the files before it are. */
async function sliceOf(set: string, files: Readonly<Record<string, string>>): Promise<string> {
  const slice = await mkdtemp(join(folder, `${set}-`));
  await using session = await openSession({
    memoryMb: 512,
    threads: 1,
    tempDirectory: join(folder, "spill"),
  });
  for (const [name, query] of Object.entries(files)) {
    const rows = query
      .replaceAll("FILE", `read_parquet(${text(join(data, set, name))})`)
      .replaceAll("SLICE", slice);
    await session.run(`COPY (${rows}) TO ${text(join(slice, name))} (FORMAT parquet)`);
  }
  return slice;
}

const checks = ({ output }: Ended) =>
  [...output.matchAll(/^ {2}(ok {2}|NOT) {1,2}(.+?): (.*)$/gm)].map(([, how = "", name = "", said = ""]) => ({
    holds: how.trim() === "ok",
    name,
    said,
  }));

describe.skipIf(absent)(
  "penstock start on some days of Retailrocket (skipped without ../shared/data)",
  () => {
    let ended: Ended;
    beforeAll(async () => {
      const slice = await sliceOf("retailrocket", {
        "interactions.parquet": `
        SELECT * FROM FILE
        WHERE CAST(event_time AS DATE) IN (DATE '2015-05-03', DATE '2015-05-05')`,
      });
      ended = await penstockStart("--data", slice);
    }, 400_000);

    it("runs each day in its turn, tells a day without interactions, and then everything at once", () => {
      expect(ended.errors).toBe("");
      expect(ended.status).toBe(0);
      const days = [...ended.output.matchAll(/^ {2}(2015-\d\d-\d\d) +(\d+)/gm)].map(([, day, lines]) => [
        day,
        lines,
      ]);
      expect(days).toEqual([
        ["2015-05-03", "386"],
        ["2015-05-04", "0"],
        ["2015-05-05", "775"],
      ]);
      expect(ended.output).toContain("2015-05-04      0  no interactions on this day");
      expect(ended.output).toMatch(/^ {2}weekly-2015-05-05: 1161 lines, 0 rejected/m);
    });

    it("says of the features how they are distributed, and which ones the source does not tell", () => {
      expect(ended.output).toMatch(/^ {4}user\.total_interactions +100 % +\d+ +\d+/m);
      expect(ended.output).toMatch(/absent +user\.favorite_category, .*: the sources do not tell/);
      expect(ended.output).not.toMatch(/^ {4}user\.favorite_category/m);
    });

    it("finds the same in the days as in the whole, where the features are defined so", () => {
      expect(checks(ended)).toEqual([
        {
          holds: true,
          name: "every interaction has an outcome",
          said: expect.stringMatching(/^1161 lines = /),
        },
        {
          holds: true,
          name: "every interaction is in one part of the split",
          said: "train 812, validation 117, test 232",
        },
        {
          holds: true,
          name: "the days add up to the whole",
          said: expect.stringMatching(/^1161 .* from 2 daily/),
        },
        {
          holds: true,
          name: "the days' interactions of a user are the user's count",
          said: expect.any(String),
        },
        { holds: true, name: "the last day's users are those of the whole", said: expect.any(String) },
        { holds: true, name: "the last day's products are those of the whole", said: expect.any(String) },
      ]);
    });
  },
);

describe.skipIf(absent)(
  "penstock start on some households of Complete Journey (skipped without ../shared/data)",
  () => {
    it("runs a year of baskets at once, with prices of before each month", async () => {
      const some =
        "household_id IN (SELECT DISTINCT household_id FROM FILE ORDER BY hash(household_id) LIMIT 60)";
      const slice = await sliceOf("complete_journey", {
        "transactions_sample.parquet": `SELECT * FROM FILE WHERE ${some}`,
        "products.parquet":
          "SELECT * FROM FILE WHERE product_id IN (SELECT product_id FROM 'SLICE/transactions_sample.parquet')",
        "demographics.parquet": "SELECT * FROM FILE",
      });

      const ended = await penstockStart("--data", slice);

      expect(ended.errors).toBe("");
      expect(ended.status).toBe(0);
      expect(ended.output).toMatch(/^Complete Journey: \d+ interactions from 2017-01-\d\d to 201[78]-/m);
      expect(ended.output).toMatch(/^\d+ days are too many to run each in its turn/m);
      expect(ended.output).toMatch(/^ {4}user\.monetary_value +\d/m);
      expect(ended.output).toMatch(/^ {4}user\.favorite_category +100 % +\d+ +\S/m);
      expect(checks(ended).map(({ holds, name }) => [holds, name])).toEqual([
        [true, "every interaction has an outcome"],
        [true, "every interaction is in one part of the split"],
      ]);
    }, 400_000);
  },
);
