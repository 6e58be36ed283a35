import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contracts, systems } from "@penstock/contracts";
import { directoryObjectStore, type ObjectStore, type S3Uri, s3Uri } from "@penstock/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collect } from "../../packages/local/src/main-job/collect.ts";
import { askedFor } from "../../packages/local/src/main-job/findings.ts";
import { type Input, prepareInput } from "../../packages/local/src/main-job/input.ts";
import { reportOf } from "../../packages/local/src/main-job/job.ts";
import type { Buckets } from "../../packages/local/src/main-job/places.ts";
import { faultsOf, type Report } from "../../packages/local/src/main-job/report.ts";
import { bucketsOf } from "../../packages/local/src/main-job/run.ts";
import { renderProgram } from "../../packages/local/src/render/index.ts";
import { discard, type Ended, npmStart, printedTable, root } from "./start-command.ts";

let ended: Ended;
let folder: string;
let input: Input;

beforeAll(async () => {
  ended = await npmStart("--rows", "5000", "--seed", "11", "--keep");
  folder = await mkdtemp(join(tmpdir(), "penstock-e2e-"));
  input = await prepareInput({ kind: "sample", rows: 5000, seed: 11 }, folder, new Date(0));
  for (let made = await input.objects.next(); !made.done; made = await input.objects.next());
}, 300_000);
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await discard(ended);
});

describe("npm start on the generated sample", () => {
  it("ends with status 0 and says that all is as it should be", () => {
    expect(ended.errors).toBe("");
    expect(ended.output).toContain("All is as it should be");
    expect(ended.status).toBe(0);
  });

  it("prints a table in which every row is accounted for and everything planted is found", () => {
    const table = printedTable(ended.output);

    expect([...table.keys()]).toEqual([...Object.keys(contracts), "total"]);
    for (const [, line] of table) {
      expect(line.rowsIn).toBe(line.curated + line.duplicates + line.pending + line.quarantined);
      expect(line.found).toBe(line.planted);
    }
    expect(table.get("total")?.rowsIn).toBe(5000);
    expect(table.get("total")?.quarantined).toBe(
      input.planted?.ledger.filter(({ expected }) => expected.outcome === "quarantined").length,
    );
  });

  it("goes on to prod, says in a few lines what the five systems say, and asks the copilot", () => {
    const lines = ended.output.split("\n");
    const said = lines.slice(
      lines.findIndex((line) => line.startsWith("Prod: build ")),
      lines.findIndex((line) => line.startsWith("The same with charts: ")),
    );

    expect(said.length).toBeGreaterThan(15);
    expect(said.length).toBeLessThanOrEqual(50);
    for (const { title } of Object.values(systems)) expect(said).toContain(title);
    expect(said.find((line) => line.startsWith("  query "))).toMatch(
      /SELECT .*sum\(.*revenue.*\).* LIMIT 5/i,
    );
    expect(said.find((line) => line.startsWith("  by "))).toContain("offline: rules, no language model");
    for (const name of [
      "no failed branch",
      "five systems are current",
      "every curated sale is in prod",
      "the copilot answers",
    ])
      expect(ended.output).toContain(`  ok   ${name}: `);
  });

  it("reads the exports of two people, and says what they tell and how complete it is", () => {
    const lines = ended.output.split("\n");
    const at = lines.findIndex((line) => line.startsWith("Digital DNA: "));

    expect(lines[at]).toBe(
      "Digital DNA: 12 files of 2 people: 9 categorised, 1 flagged, 1 refused (binary), 1 skipped (too_large_for_automatic)",
    );
    expect(lines.slice(at + 1, at + 9)).toEqual([
      expect.stringMatching(/^ {2}financial {7}\d+ items of 3 files$/),
      expect.stringMatching(/^ {2}social {10}\d+ items of 2 files$/),
      expect.stringMatching(/^ {2}professional {4}\d+ items of 2 files$/),
      expect.stringMatching(/^ {2}entertainment {3}\d+ items of 6 files$/),
      expect.stringMatching(/^ {2}person 1 {8}financial \d+ %, social \d+ %.* complete$/),
      expect.stringMatching(/^ {2}person 2 {8}financial \d+ %.* complete$/),
      expect.stringMatching(/penstock-offline-rules \(offline\)$/),
      expect.stringMatching(/^ {2}masked {10}2 cards, 50 national ids, 0 e-mail addresses$/),
    ]);
    for (const name of ["every export has its outcome", "numbers in exports", "personas"])
      expect(ended.output).toContain(`  ok   ${name}: `);
  });

  it("makes a campaign by each tier, has five pictures drawn, and shows nobody what is another's", () => {
    const lines = ended.output.split("\n");
    const at = lines.findIndex((line) => line.startsWith("Campaigns: "));

    expect(lines.slice(at, at + 4)).toEqual([
      "Campaigns: 2 (bedrock_agent 1, sequential 1); markets DE, JP, BR; ideas 12, campaigns 9; videos 10; model penstock-offline-rules, offline",
      expect.stringMatching(/^ {2}bedrock_agent {3}Red stoneware cup: .+; seen: .*Red/),
      expect.stringMatching(/^ {2}sequential {6}Blue stoneware cup: .+; seen: .*Blue/),
      expect.stringMatching(
        /^Images: 5 completed, 0 failed; http:\/\/127\.0\.0\.1:\d+\/generated\/\S+\.png$/,
      ),
    ]);
    for (const name of ["campaigns", "pictures", "campaigns of others"])
      expect(ended.output).toContain(`  ok   ${name}: `);
  });

  it("writes the same with charts into one page that loads nothing", async () => {
    const place = /^The same with charts: (.+)$/m.exec(ended.output)?.[1] ?? "";
    const page = await readFile(place, "utf8");

    expect(place).toBe(join(ended.kept ?? "", "report.html"));
    expect(page.match(/<svg /g)?.length).toBeGreaterThan(5);
    expect(page).not.toMatch(/https?:|<script|NaN|undefined|Infinity/);
  });

  it("leaves objects that hold up when they are audited again, and no longer once one of them is changed", async () => {
    const { store, buckets } = await keptLake();
    const whole = await audit(store, buckets);

    expect(faultsOf(whole)).toEqual([]);

    const [card = ""] = input.planted?.secrets.pan ?? [];
    await store.putJson(s3Uri(buckets.audit, "audit/raw-to-curated/careless.json"), {
      note: `paid with ${card}`,
    });
    expect(faultsOf(await audit(store, buckets))).toEqual([
      `security: 1 × pan in s3://${buckets.audit}/audit/raw-to-curated/careless.json`,
    ]);
    await store.remove(s3Uri(buckets.audit, "audit/raw-to-curated/careless.json"));

    const removed = await firstOf(store, s3Uri(buckets.curated, "ecommerce/orders/"));
    await store.remove(removed);
    const faults = faultsOf(await audit(store, buckets));
    expect(faults.some((fault) => fault.startsWith("no row is lost: ecommerce/orders-raw/"))).toBe(true);
    expect(faults.some((fault) => fault.startsWith("objects: "))).toBe(true);
  });
});

/** The kept folder as the lake that it was. */
async function keptLake(): Promise<{ store: ObjectStore; buckets: Buckets }> {
  if (ended.kept === undefined) throw new Error(`nothing was kept:\n${ended.output}`);
  const graph = await renderProgram({ root, stage: "local" });
  return { store: directoryObjectStore(ended.kept), buckets: bucketsOf(graph) };
}

/** The job's own account of the objects. Executions are not among them, so what is asked of those is left out. */
async function audit(store: ObjectStore, buckets: Buckets): Promise<Report> {
  const { planted } = input;
  if (planted === undefined) throw new Error("the sample has a ledger");
  const ledger = planted.ledger.filter(({ expected }) => expected.outcome !== "again");
  const written = await collect({
    store,
    buckets,
    directory: folder,
    asked: askedFor(ledger),
    secrets: planted.secrets,
    signal: new AbortController().signal,
  });
  return reportOf({ ...input, planted: { ...planted, ledger } }, [], written, []);
}

async function firstOf(store: ObjectStore, prefix: S3Uri): Promise<S3Uri> {
  for await (const { uri } of store.list(prefix)) return uri;
  throw new Error(`there is nothing under ${prefix}`);
}
