import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { givenOlist } from "./olist-given.ts";
import { numbersIn, type Shop, testShop, type Written } from "./shop.ts";

const data = fileURLToPath(new URL("../../../shared/data/olist", import.meta.url));
// In a pipeline the data have to be there; on a clone without them there is nothing to look at.
const absent = !existsSync(data) && !process.env.CI;

describe.skipIf(absent)(
  `the five systems on Olist${absent ? " (skipped: ../shared/data/olist is not there)" : ""}`,
  () => {
    let shop: Shop;
    let written: Readonly<Record<string, Written>>;
    beforeAll(async () => {
      shop = await testShop();
      await givenOlist(shop.session, data, 1);
      await shop.reportGiven();
      written = await shop.written();
    });
    afterAll(() => shop[Symbol.asyncDispose]());

    test("answer all but what nobody asked or refined", () => {
      const silent = Object.keys(written).filter((report) => written[report]?.head.status !== "ok");
      expect(silent).toEqual([
        "compliance-guardian/pci-columns",
        "compliance-guardian/pci-findings",
        "retail-copilot/query-patterns",
      ]);
    });

    test("forecast from where sales end, as two months at the end are an export's ragged end, and two its start", () => {
      const { head, rows = [] } = written["market-intelligence-hub/sales-forecast"] ?? {};
      expect(head).toMatchObject({
        details: {
          first_day: "2017-01-05",
          last_day: "2018-08-29",
          // Of that day nothing is told after half past four.
          last_whole_day: "2018-08-28",
          last_whole_month: "2018-08",
          months_left_out: ["2016-09", "2016-10", "2018-09"],
          orders_outside_span: 109,
        },
      });
      const first = (frequency: string) =>
        rows
          .filter((row) => row.frequency === frequency)
          .map(({ forecast_date }) => String(forecast_date))
          .sort()[0];
      expect([first("day"), first("month")]).toEqual(["2018-08-29", "2018-09-01"]);
    });

    test("know the persons, orders and regions of the tables", () => {
      expect(written["compliance-guardian/order-risk"]?.rows).toHaveLength(29_355);
      expect(written["global-market-pulse/regions"]?.rows).toHaveLength(27);
      const bases = written["global-market-pulse/opportunities"]?.rows.map(({ basis }) => basis);
      expect(new Set(bases)).toEqual(new Set(["growth × share"]));
    });

    test("hold no number that is none", () => {
      const numbers = numbersIn(Object.values(written).map(({ head, rows }) => ({ head, rows })));
      expect(numbers.filter(({ number }) => !Number.isFinite(number))).toEqual([]);
    });
  },
);
