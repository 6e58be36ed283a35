import type { ChildProcess } from "node:child_process";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ExecutionSummary } from "../../packages/contracts/src/index.ts";
import { clientsOf } from "./clients.ts";
import { type Announced, CommandLine } from "./command-line.ts";

const line = new CommandLine();
let dev: ChildProcess;
let cloud: Announced;

beforeAll(async () => {
  ({ process: dev, announced: cloud } = await line.dev());
});
afterAll(() => {
  dev.kill("SIGKILL");
  line.remove();
});

describe("penstock undeliverable", () => {
  test("says that nothing has been put aside", async () => {
    const { code, stdout } = await line.run(["undeliverable"]);

    expect([code, stdout.trim()]).toEqual([0, "Nothing lies under undeliverable/."]);
  });

  test("refuses what it does not know: 2", async () => {
    const { code, stderr } = await line.run(["undeliverable", "--all"]);

    expect([code, stderr]).toEqual([2, expect.stringMatching(/--all/)]);
  });
});

describe("penstock features", () => {
  test("starts a range of days", async () => {
    const { code, stdout } = await line.run([
      "features",
      "--start-date",
      "2026-01-01",
      "--end-date",
      "2026-01-31",
      "--validate-only",
      "--name",
      "january",
      "--json",
    ]);

    expect(code).toBe(0);
    expect(v.parse(ExecutionSummary, JSON.parse(stdout))).toMatchObject({ id: "feature-pipeline:january" });
  });

  test("says that another execution was doing the same, which may not be done: 4", async () => {
    const name = "penstock-local-feature-pipeline/range-2026-02-01-2026-02-28";
    const Item = {
      name: { S: name },
      owner: { S: "another" },
      leased_until: { N: String(Date.now() + 3_600_000) },
    };
    await clientsOf(cloud.endpoint).dynamodb.send(
      new PutItemCommand({ TableName: cloud.outputs.locks, Item }),
    );

    const { code, stdout, stderr } = await line.run([
      "features",
      "--start-date",
      "2026-02-01",
      "--end-date",
      "2026-02-28",
      "--wait",
    ]);

    expect(code).toBe(4);
    expect(stdout).toMatch(/^output +{"status":"COALESCED"/m);
    expect(stderr).toMatch(/has done nothing: another execution was doing the same/);
  });

  test.each([
    [[], /Give --start-date and --end-date, or --daily, or --weekly/],
    [["--daily", "--weekly"], /Give --start-date and --end-date, or --daily, or --weekly/],
    [["--start-date", "2026-01-01"], /end_date: A range needs both/],
    [["--start-date", "2026-02-30", "--end-date", "2026-03-01"], /start_date: Give the first day as a date/],
    [["--start-date", "2026-01-02", "--end-date", "2026-01-01"], /end_date: The last day comes before/],
    [["--daily", "--output-path", "s3://other/elsewhere/"], /output_path: Give a place under exports/],
  ])("refuses %j and names what is wrong: 2", async (args, message) => {
    const { code, stderr } = await line.run(["features", ...args]);

    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});
