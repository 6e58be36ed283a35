import type { ChildProcess } from "node:child_process";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ExecutionSummary } from "../../packages/contracts/src/index.ts";
import { CommandLine } from "./command-line.ts";

const line = new CommandLine();
let dev: ChildProcess;

beforeAll(async () => {
  ({ process: dev } = await line.dev());
});
afterAll(() => {
  dev.kill("SIGKILL");
  line.remove();
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
