import { readFileSync } from "node:fs";
import path from "node:path";
import { type AnalystTable, contracts, marts, systems } from "@penstock/contracts";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { resourcesOf } from "../../packages/local/src/render/index.ts";
import { graph, production, root } from "./rendered.ts";

it("sst.config.ts imports nothing at its top level: SST refuses to deploy it otherwise", () => {
  const source = readFileSync(path.join(root, "sst.config.ts"), "utf8");
  expect(source.match(/^\s*(import\s+[^(]|export\s.*\sfrom\s).*$/gm)).toBeNull();
  expect(source.match(/await import\("/g)?.length).toBeGreaterThan(3);
});

it("every file that is uploaded with the program is there", () => {
  const uploaded = resourcesOf(graph, "aws:s3/bucketObjectv2:BucketObjectv2").filter(
    ({ inputs }) => inputs.bucket !== "sst-asset-local",
  );
  expect(uploaded.map(({ inputs }) => inputs.source)).toEqual([
    { path: "packages/runtime/src/spark/run_plan.py" },
  ]);
  for (const { inputs } of uploaded) {
    const { path: file } = v.parse(v.object({ path: v.string() }), inputs.source);
    expect(readFileSync(path.join(root, file), "utf8").length).toBeGreaterThan(0);
  }
});

it("what the program puts out is what people and scripts look for", () => {
  expect(Object.keys(graph.outputs).sort()).toMatchInlineSnapshot(`
    [
      "analystClient",
      "apiUrl",
      "artifacts",
      "assetsUrl",
      "audit",
      "builds",
      "campaign",
      "campaignCache",
      "campaignsAppClient",
      "campaignsClient",
      "complianceGuardian",
      "curated",
      "curatedToProd",
      "dataTopic",
      "database",
      "deadLetters",
      "demandInsightsEngine",
      "digitalDna",
      "dnaData",
      "dnaFiles",
      "dnaWork",
      "exportsClient",
      "featurePipeline",
      "features",
      "featuresClient",
      "featuresDatabase",
      "generatedAssets",
      "generatedImages",
      "globalMarketPulse",
      "imageRequests",
      "imageRequestsDead",
      "ingestClient",
      "interactionStream",
      "interactions",
      "itemFeatures",
      "locks",
      "marketIntelligenceHub",
      "marts",
      "martsDatabase",
      "onFailure",
      "operationsTopic",
      "operatorClient",
      "pending",
      "people",
      "personasClient",
      "planJob",
      "products",
      "quarantine",
      "rateLimits",
      "raw",
      "rawToCurated",
      "reconcile",
      "retailCopilot",
      "runClient",
      "runs",
      "tokenUrl",
      "undelivered",
      "uploads",
      "userFeatures",
      "userPool",
      "workgroup",
    ]
  `);
  expect(Object.values(graph.outputs).every((value) => typeof value === "string" && value !== "")).toBe(true);
});

it("stages differ in their settings, not in what they consist of", () => {
  const shape = ({ resources }: typeof graph) => resources.map(({ type, name }) => `${type} ${name}`);
  expect(shape(production)).toEqual(shape(graph));
});

const tables = resourcesOf(graph, "aws:glue/catalogTable:CatalogTable").map(({ inputs }) => inputs);
const crawlers = resourcesOf(graph, "aws:glue/crawler:Crawler").map(({ inputs }) => inputs);

it("the catalogue has a table per contract over the curated objects", () => {
  const curated = tables.filter(({ databaseName }) => databaseName === "penstock_local_curated");
  expect(curated.map(({ name }) => name).sort()).toEqual(Object.keys(contracts).sort());
  for (const table of curated) {
    expect(table).toMatchObject({
      storageDescriptor: { location: `s3://${graph.outputs.curated}/ecommerce/${table.name}/` },
    });
  }
});

describe.each([
  ["marts", "marts", Object.values(marts)],
  ...Object.entries(systems).map(([system, { reports }]): [string, string, readonly AnalystTable[]] => [
    system,
    system.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
    Object.values(reports).map(({ table }) => table),
  ]),
])("%s", (name, output, contracted) => {
  const database = `penstock_local_${name.replaceAll("-", "_")}`;

  it("has a table per contract over its own bucket, with the contract's columns and keys", () => {
    const own = tables.filter(({ databaseName }) => databaseName === database);

    expect(own).toHaveLength(contracted.length);
    for (const { name: table, columns, partitionKeys } of contracted) {
      expect(own.find((each) => each.name === table)).toMatchObject({
        storageDescriptor: { location: `s3://${graph.outputs[output]}/${table}/`, columns },
        partitionKeys,
      });
    }
  });

  it("has a crawler that finds the partitions of just these tables and changes none of them", () => {
    const [crawler, ...others] = crawlers.filter(({ databaseName }) => databaseName === database);

    expect(others).toEqual([]);
    expect(crawler).toMatchObject({
      name: `penstock-local-${name}`,
      catalogTargets: [{ databaseName: database, tables: contracted.map((table) => table.name) }],
      schemaChangePolicy: { updateBehavior: "LOG", deleteBehavior: "LOG" },
      recrawlPolicy: { recrawlBehavior: "CRAWL_EVERYTHING" },
      securityConfiguration: "penstock-local-glue",
    });
    expect(crawler).not.toHaveProperty("schedule");
  });
});

it("queries are limited, and their results sealed, whatever the caller says", () => {
  const workgroups = resourcesOf(graph, "aws:athena/workgroup:Workgroup");
  const [results] = resourcesOf(graph, "aws:s3/bucket:Bucket").filter(
    ({ name }) => name === "QueryResultsBucket",
  );

  // Features are computed of all interactions that there are.
  const limits: Readonly<Record<string, number>> = {
    "penstock-local-analytics": 10 * 1024 ** 3,
    "penstock-local-checks": 10 * 1024 ** 3,
    "penstock-local-features": 1024 ** 4,
  };
  expect(workgroups.map(({ inputs }) => inputs.name).toSorted()).toEqual(Object.keys(limits));
  for (const { inputs } of workgroups) {
    expect(inputs.configuration).toMatchObject({
      enforceWorkgroupConfiguration: true,
      bytesScannedCutoffPerQuery: limits[String(inputs.name)],
      engineVersion: { selectedEngineVersion: "Athena engine version 3" },
      resultConfiguration: {
        outputLocation: `s3://${results?.id}/results/`,
        encryptionConfiguration: { encryptionOption: "SSE_KMS" },
      },
    });
  }
});

it("the Glue job is the generic script on ten G.1X workers, five runs at a time", () => {
  const [job, ...others] = resourcesOf(graph, "aws:glue/job:Job");
  expect(others).toEqual([]);
  expect(job?.inputs).toMatchObject({
    glueVersion: "5.1",
    workerType: "G.1X",
    numberOfWorkers: 10,
    executionProperty: { maxConcurrentRuns: 5 },
    maxRetries: 0,
    securityConfiguration: "penstock-local-glue",
    command: { name: "glueetl", scriptLocation: `s3://${graph.outputs.artifacts}/scripts/run_plan.py` },
  });
});
