import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { cleanTables, type FeatureGroup, featureGroups, featureTables } from "@penstock/contracts";
import { openSession, toEngine } from "@penstock/runtime";
import { describe, expect, test } from "vitest";
import { featureSchemaFiles } from "../../packages/contracts/src/schema-files.ts";
import { featureQuery } from "../../packages/features/src/feature-queries.ts";
import { daysAfter } from "../../packages/features/src/run-window.ts";
import { queryTexts } from "../../packages/features/src/write-query-texts.ts";
import { putCleanRows } from "./clean-rows.ts";
import { DAYS, FIRST_DAY, seededEvents } from "./seeded-events.ts";

const root = path.resolve(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");

/**
 * What each version's features are of the same 5,000 interactions. Of a new version a line is added; one that stands here
 * never changes: rows under its number are published, and models trained on them.
 */
const VALUES: Readonly<Record<FeatureGroup, Readonly<Record<number, string>>>> = {
  user: { 1: "1a0a94a861d96093" },
  item: { 1: "5d4b4f881e43064b" },
  interaction: { 1: "b3da1ac3b0df1dfc" },
};

describe("a feature changes with its version only", () => {
  test.each([...featureSchemaFiles()])("%s says what the contract says", (file, content) => {
    expect(read(file), "changed without a new version; raise it in feature-tables.ts").toBe(content);
  });

  test.each(featureGroups)("%s features have the values that their version has", async (group) => {
    const folder = await mkdtemp(path.join(tmpdir(), "penstock-frozen-"));
    try {
      await using session = await openSession({ memoryMb: 500, threads: 2, tempDirectory: folder });
      await putCleanRows(session, folder, seededEvents(5000, 7));
      await session.run("CREATE VIEW interactions AS SELECT * FROM all_interactions");
      const window = { from: FIRST_DAY, to: daysAfter(FIRST_DAY, DAYS - 1) };
      const { orderBy, version } = featureTables[group];

      const rows = await session.rows(
        `SELECT * FROM (${toEngine(featureQuery(group, window), "duckdb")}) ORDER BY ${orderBy.join(", ")}`,
      );

      const digest = createHash("sha256").update(JSON.stringify(rows)).digest("hex").slice(0, 16);
      expect(digest, `${group} features mean something else; raise their version`).toBe(
        VALUES[group][version],
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

test("the queries' module is that of the files; else run `npm run queries -w @penstock/features`", () => {
  expect(read("packages/features/src/query-texts.ts")).toBe(queryTexts());
});

describe.each(featureGroups)("the file of the %s features", (group) => {
  const header = read(`packages/features/sql/${group}-features.sql`)
    .split("\n")
    .filter((line) => line.startsWith("--"));

  test.each(featureTables[group].columns.map(({ name }) => name))("says what %s is", (name) => {
    expect(header.some((line) => line.startsWith(`-- ${name} `))).toBe(true);
  });

  test("reads columns that the clean tables have", () => {
    const known = new Set(
      Object.values(cleanTables).flatMap(({ name, columns }) =>
        columns.map((column) => `${name}.${column.name}`),
      ),
    );
    const sources = featureTables[group].features.flatMap((feature) => feature.sources);

    expect(sources.filter((source) => !known.has(source))).toEqual([]);
  });

  test("has evidence in the subset of SQL for each feature that can be null, and for no other", () => {
    for (const { nullWhen, evidence } of featureTables[group].features) {
      expect(evidence === undefined).toBe(nullWhen === undefined);
      if (evidence !== undefined)
        expect(() =>
          toEngine(`SELECT 1 AS y FROM ${evidence.from} WHERE ${evidence.where}`, "athena"),
        ).not.toThrow();
    }
  });
});
