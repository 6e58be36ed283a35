import { StartCrawlerCommand } from "@aws-sdk/client-glue";
import { systems } from "@penstock/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectedRows, ORDERS, rawObjects } from "./orders.ts";
import { openProd, output, type Prod, settled, shuffled } from "./prod-cloud.ts";

let prod: Prod;
const outcomes: string[] = [];

beforeAll(async () => {
  prod = await openProd();
  prod.cloud.on("execution", ({ stateMachineArn, status, output: text }) => {
    if (stateMachineArn.endsWith("curated-to-prod") && status !== "RUNNING")
      outcomes.push(text ? JSON.parse(text).status : status);
  });
}, 60_000);
afterAll(() => prod.cloud.close());

const curatedDatabase = "penstock_local_curated";
const martsDatabase = "penstock_local_marts";

describe("200 orders in many small objects, in a random order, some of them during a build", () => {
  beforeAll(async () => {
    const arriving = shuffled(rawObjects, 20_261_121);
    // The second part comes while the marts are built of the first, the third while its reports are written.
    const parts = [arriving.slice(0, 20), arriving.slice(20, 40), arriving.slice(40)];
    const [building, publishing] = [prod.entering("BuildMarts"), prod.entering("AnalyseRetailCopilot")];
    for (const [part, objects] of parts.entries()) {
      if (part > 0) await [building, publishing][part - 1];
      for (const object of objects) await prod.put("raw", object);
    }
    await settled(prod.cloud);
  }, 400_000);

  it("were counted where patterns of what is asked are not told of: the analysts' history has nothing that nobody asked", async () => {
    expect(await prod.queries("analytics")).toEqual([]);
    expect(await prod.queries("checks")).toContainEqual(expect.stringContaining("UNION ALL"));
  });

  it("are all curated in the end, and every curated row is in the marts that are current", async () => {
    const { build } = await prod.current("marts");

    for (const [table, rows] of Object.entries(expectedRows)) {
      expect(await prod.ask(`SELECT count(*) FROM ${table}`, curatedDatabase), table).toBe(String(rows));
    }
    const counts = async (mart: string, what: string) =>
      prod.ask(`SELECT ${what} FROM ${mart} WHERE build = '${build}'`, martsDatabase);
    expect(await counts("orders", "count(DISTINCT order_id)")).toBe(String(ORDERS));
    expect(await counts("sales", "count(*)")).toBe(String(expectedRows.order_items));
    expect(await counts("orders", "sum(payments)")).toBe(String(expectedRows.payments));
    expect(await counts("customers", "count(*)")).toBe(String(expectedRows.customers));
    expect(await counts("products", "count(*)")).toBe(String(expectedRows.products));
  });

  it("have made few builds, one at a time: who came meanwhile ended as coalesced", async () => {
    const { generation } = await prod.current("marts");

    expect(new Set(outcomes)).toEqual(new Set(["SUCCEEDED", "COALESCED"]));
    expect(outcomes.filter((outcome) => outcome === "COALESCED").length).toBeGreaterThan(
      rawObjects.length / 2,
    );
    expect(generation).toBeLessThan(rawObjects.length / 4);
  });

  it("leave every system with a build that is current", async () => {
    const { build } = await prod.current("marts");

    for (const system of Object.keys(systems)) {
      expect((await prod.current(system)).build, system).toBe(build);
    }
  });
});

describe("one run in which a system's task fails, a crawler is busy, and a system is overtaken by a later build", () => {
  const later = { build: "29991231T000000Z-999999", generation: 999_999 };
  const notices: string[] = [];
  let execution: string;
  let result: Readonly<Record<string, unknown>>;
  let before: Awaited<ReturnType<Prod["current"]>>;
  let met = false;

  beforeAll(async () => {
    // A name that is no build's: the system's task refuses its input.
    await prod.supersede("compliance-guardian", "nonsense", 0);
    before = await prod.current("compliance-guardian");
    prod.cloud.on("notice", ({ topicArn, message }) => {
      if (topicArn === output("operationsTopic")) notices.push(message);
    });
    const [overtaken, busy] = [prod.entering("AnalyseGlobalMarketPulse"), prod.entering("BusyMarts")];
    const crawling = busy.then(() => {
      met = true;
    });

    execution = await prod.start();
    const superseding = overtaken.then(() =>
      prod.supersede("global-market-pulse", later.build, later.generation),
    );
    // Somebody crawls without end, until the machine has met that crawl.
    while (!met)
      await prod.glue.send(new StartCrawlerCommand({ Name: "penstock-local-marts" })).catch(() => undefined);
    const [ended] = await Promise.all([prod.ended(execution), crawling, superseding]);
    result = ended.output;
  }, 200_000);

  it("leaves the failed system's build in its place, and is PARTIAL in its record", async () => {
    expect(result).toMatchObject({ status: "PARTIAL", failed: ["compliance-guardian"] });
    expect(await prod.current("compliance-guardian")).toEqual(before);
    expect(await prod.record(execution)).toMatchObject({
      status: { S: "PARTIAL" },
      failed: { S: '["compliance-guardian"]' },
    });
  });

  it("tells operations which branch failed, and why", () => {
    expect(notices.map((notice) => JSON.parse(notice))).toEqual([
      {
        run_id: execution.split(":").at(-1),
        build: result.build,
        failed: [
          {
            system: "compliance-guardian",
            status: "FAILED",
            error: "InvalidInput",
            cause: expect.stringContaining("current"),
          },
        ],
      },
    ]);
  });

  it("publishes the others, also behind the crawler that was busy", async () => {
    expect((await prod.current("marts")).build).toBe(result.build);
    expect((await prod.current("retail-copilot")).build).toBe(result.build);
  });

  it("does not put its build in the place of the later one", async () => {
    expect(await prod.current("global-market-pulse")).toEqual(later);
  });
});

it("an execution that loses its lease leaves the build to the one that took it over", async () => {
  const building = prod.entering("BuildMarts");
  const first = await prod.start();
  await building;
  await prod.expireLease();

  const second = await prod.start();
  const [left, taken] = [await prod.ended(first), await prod.ended(second)];

  expect(left).toEqual({ status: "SUCCEEDED", output: { status: "COALESCED" } });
  expect(taken.output.status).toBe("PARTIAL");
  expect((await prod.current("marts")).build).toBe(taken.output.build);
}, 200_000);
