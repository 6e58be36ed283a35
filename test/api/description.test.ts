import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import * as v from "valibot";
import { beforeEach, describe, expect, it } from "vitest";
import { openApi, routes } from "../../packages/api/src/index.ts";
import { withoutSlash } from "../../packages/api/src/route.ts";
import { ownerMark } from "../../packages/assets/src/uploads/index.ts";
import { directoryObjectStore } from "../../packages/runtime/src/index.ts";
import { blackPng } from "../assets/pictures.ts";
import { wantedCampaign } from "./campaign-fixtures.ts";
import { machines } from "./fake-port.ts";
import { interaction, onlineItem } from "./feature-fixtures.ts";
import { TestApp } from "./test-app.ts";
import { writeReport } from "./written-builds.ts";

let at: TestApp;
beforeEach(() => {
  at = new TestApp();
});

const object = { bucket: "raw-bucket", key: "ecommerce/orders-raw/a b/ä.parquet" };
const start = "/api/pipelines/raw-to-curated/executions";

describe("the description", () => {
  const document = v.parse(
    v.looseObject({
      openapi: v.literal("3.1.0"),
      paths: v.record(
        v.string(),
        v.record(
          v.string(),
          v.looseObject({
            operationId: v.string(),
            responses: v.record(v.string(), v.looseObject({ description: v.string() })),
            security: v.array(v.strictObject({ token: v.array(v.string()) })),
            parameters: v.array(v.looseObject({ name: v.string(), in: v.string(), required: v.boolean() })),
          }),
        ),
      ),
      components: v.looseObject({ schemas: v.record(v.string(), v.looseObject({})) }),
    }),
    openApi(routes),
  );
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );

  it("is served to everybody", async () => {
    const { status, answer } = await at.ask("GET", "/openapi.json", { scopes: undefined });

    expect(status).toBe(200);
    expect(answer).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it("has every route that the app has, and no other", () => {
    const served = at.app.routes.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);

    expect(described.map(({ method, path }) => `${method} ${withoutSlash(path)}`).sort()).toEqual(
      served.sort(),
    );
  });

  it("names every parameter of a path, and every scope", () => {
    for (const { path, operation } of described) {
      const inPath = operation.parameters.filter((each) => each.in === "path" && each.required);
      expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
    }
    expect(described.map(({ operation }) => operation.security.map(({ token }) => token[0]))).toEqual(
      routes.map(({ scopes }) => [...scopes]),
    );
  });

  it("refers to nothing that it does not have", () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
    const names = new Set(references.map(([, name]) => name ?? ""));

    expect(names.size).toBeGreaterThan(5);
    for (const name of names) expect(Object.keys(document.components.schemas)).toContain(name);
  });

  it("has the input contract of every pipeline", () => {
    expect(document.components.schemas.RawToCuratedInput).toMatchObject({
      type: "object",
      required: ["bucket", "key"],
      additionalProperties: false,
      properties: { table: { enum: expect.arrayContaining(["orders"]) } },
    });
    expect(document.components.schemas.ReconcileInput).toMatchObject({ additionalProperties: false });
  });

  it("lists both answers of a route that has two", () => {
    const { operation } = described.find(({ path: where }) => where === "/api/campaign/tier-1") ?? {};

    expect(Object.keys(operation?.responses ?? {})).toEqual(
      expect.arrayContaining(["200", "202", "404", "413", "422", "429", "503"]),
    );
    expect(JSON.stringify(operation?.responses["202"])).toContain("CampaignRunning");
  });

  it("promises what the app answers: contracts hold for real answers", async () => {
    at.port.add(machines.reconcile, "one", { status: "FAILED", redrivable: true });
    at.online.user.push(onlineItem("u1"));
    at.online.item.push(onlineItem("p1"));
    const image = await at.ask("POST", "/api/assets/", { body: { prompt: "A red cup" } });
    const form = await at.ask("POST", "/api/upload/presigned-url", { body: { content_type: "image/png" } });
    at.campaigns.uploads.arrive(
      `uploads/ana/${form.answer.upload_id}`,
      blackPng(120, 90),
      "image/png",
      ownerMark("ana"),
    );
    const campaign = await at.ask("POST", "/api/campaign/tier-1", { body: wantedCampaign });
    const someone = `/api/dna/users/${at.people.add()}`;
    const answers: Record<string, Awaited<ReturnType<TestApp["ask"]>>> = {
      startExecution: await at.ask("POST", start, { body: object }),
      listExecutions: await at.ask("GET", "/api/executions"),
      showExecution: await at.ask("GET", "/api/executions/reconcile:one"),
      redriveExecution: await at.ask("POST", "/api/executions/reconcile:one/redrive"),
      describeApi: await at.ask("GET", "/openapi.json"),
      showAnalytics: await at.ask("GET", "/api/analytics/retail-copilot"),
      readReport: await readWritten(),
      askTheCopilot: await at.ask("POST", "/api/copilot", { body: { question: "?" } }),
      sendInteractions: await at.ask("POST", "/api/interactions", { body: { interactions: [interaction] } }),
      readUserFeatures: await at.ask("GET", "/api/features/user/u1"),
      readUserFeaturesBatch: await at.ask("POST", "/api/features/user/batch", {
        body: { ids: ["u1", "u2"] },
      }),
      readItemFeatures: await at.ask("GET", "/api/features/item/p1"),
      readItemFeaturesBatch: await at.ask("POST", "/api/features/item/batch", { body: { ids: ["p1"] } }),
      registerPerson: await at.ask("POST", "/api/dna/users", { body: { email: "ada@example.org" } }),
      placeUpload: await at.ask("POST", `${someone}/uploads`, { body: { file: "a.csv", bytes: 1 } }),
      listFiles: await at.ask("GET", `${someone}/files`),
      readPersonas: await at.ask("GET", `${someone}/personas`),
      erasePerson: await at.ask("DELETE", someone),
      makeCampaign: campaign,
      showCampaign: await at.ask("GET", `/api/campaign/${campaign.answer.campaign_id}`),
      requestImage: image,
      showImage: await at.ask("GET", `/api/assets/${image.answer.request_id}`),
      presignUpload: form,
      showUpload: await at.ask("GET", `/api/upload/status/${form.answer.upload_id}`),
    };

    expect(Object.keys(answers).sort()).toEqual(routes.map(({ operation }) => operation).sort());
    for (const { operation, answer } of routes) {
      expect(answers[operation]?.status, operation).toBe(answer.status);
      expect(v.safeParse(answer.schema, answers[operation]?.answer).issues, operation).toBeUndefined();
    }
  });

  /** A page of a report that was written a moment ago. */
  async function readWritten() {
    const root = await mkdtemp(path.join(tmpdir(), "penstock-api-"));
    const [system, build] = ["retail-copilot", "20261121T053000Z-000001"];
    await writeReport(root, system, {
      system,
      report: "query-patterns",
      build,
      rows: [{ pattern: "'SELECT ?'", queries: "3" }],
    });
    at.builds = {
      currentBuild: async () => ({ system, build, built_at: "2026-11-21T05:30:00Z", generation: 1 }),
      store: directoryObjectStore(root),
      buckets: { [system]: system },
    };
    const page = await at.ask("GET", `/api/analytics/${system}/query-patterns`);
    await rm(root, { recursive: true });
    return page;
  }

  it("says of a report's filters that they are the columns, and of its tag that it may answer 304", () => {
    const { operation } = described.find(({ path: where }) => where.endsWith("{report}")) ?? {};

    expect(operation?.parameters).toContainEqual({
      name: "filters",
      in: "query",
      required: false,
      description: expect.stringContaining("region=SP"),
      style: "form",
      explode: true,
      schema: { type: "object", additionalProperties: { type: "string" } },
    });
    expect(Object.keys(operation?.responses ?? {})).toEqual(
      expect.arrayContaining(["200", "304", "404", "410", "503"]),
    );
  });
});
