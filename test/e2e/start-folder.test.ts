import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startCommand } from "../../packages/local/src/cli/start.ts";
import { discard, penstockStart, printedTable } from "./start-command.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "penstock-folder-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("penstock start with what it cannot use", () => {
  it.each([
    [["--rows", "0"], '--rows takes a whole number from 1000 to 100000000, not "0".'],
    [["--rows=-5"], 'not "-5"'],
    [["--rows", "many"], 'not "many"'],
    [["--rows"], "--rows"],
    [["--seed", "1.5"], '--seed takes a whole number from 0 to 2147483647, not "1.5".'],
    [["--fast"], "Unknown option '--fast'"],
    [["--rows", "5000", "--data", "."], "it means nothing together with --data"],
  ])("ends with status 2 and the usage for %j", async (args, message) => {
    const { status, errors } = await started(...args);

    expect(status).toBe(2);
    expect(errors).toContain(message);
    expect(errors).toContain("Usage: npm start");
  });

  it("ends with status 2 and what to do for a folder that is missing, empty, or without data", async () => {
    const empty = join(folder, "empty");
    const texts = join(folder, "texts");
    await mkdir(empty);
    await mkdir(texts);
    await writeFile(join(texts, "orders.txt"), "not data");

    const missing = await started("--data", join(folder, "nowhere"));
    const nothing = await started("--data", empty);
    const noData = await started("--data", texts);

    expect([missing.status, nothing.status, noData.status]).toEqual([2, 2, 2]);
    expect(missing.errors).toContain(`DataFolderUnusable: There is no folder ${join(folder, "nowhere")}.`);
    expect(nothing.errors).toContain("has no files in it");
    expect(noData.errors).toContain("None of the 1 files");
    expect(noData.errors).toContain("Give a folder that holds .parquet or .csv files");
  });
});

/** Runs the command in this process and keeps what it says on the error stream. */
async function started(...args: string[]): Promise<{ status: number; errors: string }> {
  const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
  try {
    return { status: await startCommand(args), errors: said.mock.calls.join("\n") };
  } finally {
    said.mockRestore();
  }
}

describe("penstock start on CSV files of one's own", () => {
  it("reads quoted line breaks and empty cells, and refuses by name what no contract knows", async () => {
    const own = join(folder, "own data");
    await mkdir(own);
    await writeFile(
      join(own, "sellers.csv"),
      [
        "seller_id,name,email,phone,zip_code_prefix,city,state,updated_at",
        's1,"Lampen, Müller & Co",anna@example.com,,01000,"Rio de\nJaneiro",RJ,2025-01-01',
        "s2,,,,20000,Recife,PE,",
        "s3,,not an address,,20000,Recife,PE,",
        "",
      ].join("\n"),
    );
    await writeFile(join(own, "warehouses.csv"), "id,place\n1,Recife\n");
    await writeFile(join(own, "orders.parquet"), "this is no Parquet");

    const ended = await penstockStart("--data", own);

    const table = printedTable(ended.output);
    expect(ended.errors).toBe("");
    expect(table.get("sellers")).toMatchObject({ rowsIn: 3, curated: 2, quarantined: 1, planted: undefined });
    expect(ended.output).toContain("quarantined by email.format 1");
    expect(ended.output).toMatch(/UnknownTable {2}ecommerce\/warehouses-raw\/.*warehouses\.csv\.parquet/);
    expect(ended.output).toMatch(/NotParquet {2}ecommerce\/orders-raw\/.*orders\.parquet/);
    expect(ended.status).toBe(0);
    await discard(ended);
  }, 300_000);
});
