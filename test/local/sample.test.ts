import { createHash } from "node:crypto";
import { brokenRules, contractFor, decodeRecord, tableRules } from "@penstock/contracts";
import { parquetReadObjects } from "hyparquet";
import { beforeAll, describe, expect, it } from "vitest";
import { rulesOf } from "../../packages/local/src/sample/broken-rows.ts";
import { planSample, type Sample } from "../../packages/local/src/sample/generate.ts";
import type { Planted } from "../../packages/local/src/sample/ledger.ts";
import { minimumRows } from "../../packages/local/src/sample/minimum-rows.ts";
import { tables } from "../../packages/local/src/sample/objects.ts";

/** A file of the sample as it was made. */
interface Made {
  key: string;
  table: string;
  bytes: Uint8Array;
}

let sample: Sample;
let files: Made[];

beforeAll(() => {
  sample = planSample({ rows: 2000, seed: 7 });
  files = madeOf(sample);
});

describe("the generated sample", () => {
  it("has the same bytes under the same keys for the same seed, and others for another", () => {
    const again = planSample({ rows: 2000, seed: 7 });
    const other = planSample({ rows: 2000, seed: 8 });

    expect(fingerprints(madeOf(again))).toEqual(fingerprints(files));
    expect(again.ledger).toEqual(sample.ledger);
    expect(fingerprints(madeOf(other))).not.toEqual(fingerprints(files));
  });

  it.each([minimumRows, 1777, 5000])("has exactly the %i rows that were asked for", (rows) => {
    const made = planSample({ rows, seed: 3 });

    madeOf(made);

    expect([...made.rows.values()].reduce((sum, count) => sum + count, 0)).toBe(rows);
  });

  it("breaks every rule of every contract", () => {
    const broken = new Set(
      sample.ledger.flatMap(({ table, expected }) =>
        expected.outcome === "quarantined" ? expected.rules.map((rule) => `${table}: ${rule}`) : [],
      ),
    );
    const rules = tables.flatMap((table) => rulesOf(contract(table)).map((rule) => `${table}: ${rule}`));

    expect(rules.filter((rule) => !broken.has(rule))).toEqual([]);
  });

  it("has an orphan for every reference and an imbalance for every rule over several tables", () => {
    const reasons = new Set(
      sample.ledger.flatMap(({ table, expected }) =>
        expected.outcome === "pending" ? expected.reasons.map((reason) => `${table}: ${reason}`) : [],
      ),
    );
    const references = tables.flatMap((table) =>
      contract(table).references.flatMap(({ columns }) =>
        columns.map((column) => `${table}: ${column}.missing_parent`),
      ),
    );
    const imbalanced = sample.ledger.flatMap(({ expected }) =>
      expected.outcome === "violation" && expected.listed ? [expected.rule] : [],
    );

    expect(references.filter((reference) => !reasons.has(reference))).toEqual([]);
    const sampled: readonly string[] = tables;
    const rules = tableRules.filter((rule) => rule.tables.every((table) => sampled.includes(table)));
    expect(rules.map(({ name }) => name).filter((name) => !imbalanced.includes(name))).toEqual([]);
  });

  it("hides a card in every free-text column", () => {
    const columns = tables.flatMap((table) =>
      contract(table).columns.flatMap(({ freeText, name }) => (freeText ? [`${table}.${name}`] : [])),
    );

    expect(
      columns.filter((name) => !sample.ledger.some(({ kind }) => kind === `${name}: card with spaces`)),
    ).toEqual([]);
  });

  it("holds rows that break the rules written down for them and no others, judged record by record", async () => {
    const wrong: string[] = [];
    const refused = new Set(
      sample.ledger.flatMap(({ object, expected }) => (expected.outcome === "refused" ? [object] : [])),
    );
    for (const object of files.filter(({ key }) => !refused.has(key))) {
      const expected = tally(plantedIn(object.key).flatMap(rulesPlanted));
      const table = contract(object.table);
      const found = tally(
        (await rowsOf(object.bytes)).flatMap((row) => {
          const rules = brokenRules(table, decodeRecord(table, "penstock", row));
          return rules.length === 0 ? [] : [rules.join(", ")];
        }),
      );
      if (JSON.stringify(expected) !== JSON.stringify(found))
        wrong.push(`${object.key}: ${difference(expected, found)}`);
    }

    expect(wrong).toEqual([]);
  });

  it("uploads children before their parents and plants older versions in later objects", () => {
    const place = new Map(files.map(({ key }, index) => [key, index]));
    const firstOf = (table: string): number => files.findIndex((object) => object.table === table);
    const late = sample.ledger.filter(({ kind }) => kind.endsWith("older version arrives later"));

    expect(Math.min(firstOf("order_items"), firstOf("payments"))).toBeLessThan(
      files.findLastIndex((object) => object.table === "orders"),
    );
    expect(late.length).toBe(tables.length);
    expect(late.every(({ object }) => place.has(object))).toBe(true);
  });
});

function contract(table: string) {
  const found = contractFor(table);
  if (found === undefined) throw new Error(`no contract for ${table}`);
  return found;
}

function madeOf({ files }: Sample): Made[] {
  return files.map(({ key, table, make }) => ({ key, table, bytes: make() }));
}

function fingerprints(made: readonly Made[]): string[] {
  return made.map(({ key, bytes }) => `${key} ${createHash("sha256").update(bytes).digest("hex")}`);
}

async function rowsOf(bytes: Uint8Array): Promise<Record<string, unknown>[]> {
  return parquetReadObjects({ file: new Uint8Array(bytes).buffer });
}

function plantedIn(key: string): Planted[] {
  return sample.ledger.filter(({ object }) => object === key);
}

function rulesPlanted({ expected }: Planted): string[] {
  return expected.outcome === "quarantined" ? [[...expected.rules].sort().join(", ")] : [];
}

function tally(names: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const name of [...names].sort()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries(counts);
}

function difference(expected: Record<string, number>, found: Record<string, number>): string {
  return [...new Set([...Object.keys(expected), ...Object.keys(found)])]
    .filter((name) => expected[name] !== found[name])
    .map((name) => `${name}: planted ${expected[name] ?? 0}, found ${found[name] ?? 0}`)
    .join("; ");
}
