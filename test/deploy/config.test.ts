import { readFileSync } from "node:fs";
import path from "node:path";
import * as v from "valibot";
import { expect, it } from "vitest";
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
      "apiUrl",
      "artifacts",
      "audit",
      "curated",
      "dataTopic",
      "database",
      "deadLetters",
      "locks",
      "onFailure",
      "operationsTopic",
      "operatorClient",
      "pending",
      "quarantine",
      "raw",
      "rawToCurated",
      "reconcile",
      "refineJob",
      "runClient",
      "runs",
      "tokenUrl",
      "undelivered",
      "userPool",
    ]
  `);
  expect(Object.values(graph.outputs).every((value) => typeof value === "string" && value !== "")).toBe(true);
});

it("stages differ in their settings, not in what they consist of", () => {
  const shape = ({ resources }: typeof graph) => resources.map(({ type, name }) => `${type} ${name}`);
  expect(shape(production)).toEqual(shape(graph));
});

it("the catalogue has a table per contract over the curated objects", () => {
  const tables = resourcesOf(graph, "aws:glue/catalogTable:CatalogTable");
  expect(tables.map(({ inputs }) => inputs.name).sort()).toEqual([
    "customers",
    "inventory",
    "order_items",
    "orders",
    "payments",
    "products",
    "reviews",
    "sellers",
  ]);
  for (const { inputs } of tables) {
    expect(inputs).toMatchObject({
      databaseName: "penstock_local_curated",
      storageDescriptor: { location: `s3://${graph.outputs.curated}/ecommerce/${inputs.name}/` },
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
    securityConfiguration: "penstock-local-refine",
    command: { name: "glueetl", scriptLocation: `s3://${graph.outputs.artifacts}/scripts/run_plan.py` },
  });
});
