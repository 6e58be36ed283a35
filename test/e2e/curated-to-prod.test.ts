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

describe("when one branch fails", () => {
  it("the others' builds become current, a notice names the branch, and the record says PARTIAL", async () => {
    const before = await prod.current("compliance-guardian");
    const notices: string[] = [];
    prod.cloud.on("notice", ({ topicArn, message }) => {
      if (topicArn === output("operationsTopic")) notices.push(message);
    });
    // Metrics that nobody can read are for one system only.
    await prod.put("audit", { key: "metrics/orders/broken.json", body: "{}" });

    const execution = await prod.start();
    const { status, output: result } = await prod.ended(execution);

    expect(status).toBe("SUCCEEDED");
    expect(result).toMatchObject({ status: "PARTIAL", failed: ["compliance-guardian"] });
    const { build } = await prod.current("marts");
    expect(build).toBe(result.build);
    expect((await prod.current("global-market-pulse")).build).toBe(build);
    expect(await prod.current("compliance-guardian")).toEqual(before);
    expect(notices.map((notice) => JSON.parse(notice))).toEqual([
      {
        run_id: execution.split(":").at(-1),
        build,
        failed: [
          {
            system: "compliance-guardian",
            status: "FAILED",
            error: "ContractViolation",
            cause: expect.stringContaining("metrics/orders/broken.json"),
          },
        ],
      },
    ]);
    expect(await prod.record(execution)).toMatchObject({
      status: { S: "PARTIAL" },
      failed: { S: '["compliance-guardian"]' },
    });
  }, 120_000);
});

it("a busy crawler is waited for, and crawls again", async () => {
  const busy = prod.entering("BusyMarts");
  let met = false;
  void busy.then(() => {
    met = true;
  });

  const execution = await prod.start();
  // Somebody crawls without end, until the machine has met that crawl.
  while (!met)
    await prod.glue.send(new StartCrawlerCommand({ Name: "penstock-local-marts" })).catch(() => undefined);

  const { output: result } = await prod.ended(execution);
  expect(result.failed).not.toContain("marts");
  expect((await prod.current("marts")).build).toBe(result.build);
}, 120_000);

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
}, 120_000);

it("a build that is overtaken does not take the place of the later one", async () => {
  const execution = await prod.start();
  await prod.entering("AnalyseGlobalMarketPulse", execution);
  await prod.supersede("global-market-pulse", "29991231T000000Z-999999", 999_999);

  const { output: result } = await prod.ended(execution);

  expect(result.status).toBe("PARTIAL");
  expect(await prod.current("global-market-pulse")).toEqual({
    build: "29991231T000000Z-999999",
    generation: 999_999,
  });
  expect((await prod.current("marts")).build).toBe(result.build);
}, 120_000);
