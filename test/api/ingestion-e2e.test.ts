import { gunzipSync, gzipSync } from "node:zlib";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { PutRecordCommand } from "@aws-sdk/client-kinesis";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Scope } from "../../packages/api/src/index.ts";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { type RenderedResource, renderProgram } from "../../packages/local/src/render/index.ts";
import { clientsOf, eventually } from "../local/clients.ts";
import { root } from "../local/small-graph.ts";
import { interaction, onlineItem } from "./feature-fixtures.ts";

/** The deployment program itself in the local cloud: API, stream, delivery, buckets, tables, and their roles' rights. */
let cloud: Cloud;
let clients: ReturnType<typeof clientsOf>;
let outputs: Record<string, string>;
const lost: string[] = [];

/** Firehose gathers for minutes: half a second does here. */
function withoutWaiting(resource: RenderedResource): RenderedResource {
  if (resource.name !== "InteractionDelivery") return resource;
  const extendedS3Configuration = {
    ...Object(resource.inputs.extendedS3Configuration),
    bufferingInterval: 0.5,
  };
  return { ...resource, inputs: { ...resource.inputs, extendedS3Configuration } };
}

beforeAll(async () => {
  const graph = await renderProgram({ root, stage: "local" });
  outputs = v.parse(v.record(v.string(), v.string()), graph.outputs);
  cloud = await bootCloud({ ...graph, resources: graph.resources.map(withoutWaiting) }, { root });
  cloud.on("lost", ({ target, reason }) => lost.push(`${target}: ${reason}`));
  clients = clientsOf(cloud.endpoint);
});
afterAll(async () => {
  clients.kinesis.destroy();
  await cloud.close();
});

/** A request with a token of the client that has this scope. */
async function ask(scope: Scope, method: string, path: string, body?: unknown) {
  const { url: issuer = "", clients: known = [] } = cloud.httpApis.issuers.ApiCallers ?? {};
  const client = known.find(({ scopes }) => scopes.includes(scope));
  const token = await fetch(`${issuer}/oauth2/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${client?.id}:${client?.secret}`)}` },
    body: new URLSearchParams({ grant_type: "client_credentials", scope }),
  });
  const { access_token } = v.parse(v.object({ access_token: v.string() }), await token.json());
  const response = await fetch(`${cloud.httpApis.apis.HttpApi}${path}`, {
    method,
    headers: { authorization: `Bearer ${access_token}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, answer: v.parse(v.looseObject({}), await response.json()) };
}

/** The lines of the objects under a prefix of the interactions, once nothing is on its way any more. */
async function linesUnder(Prefix: string): Promise<{ keys: string[]; lines: unknown[] }> {
  await eventually(() => (cloud.pending().deliveries === 0 ? true : undefined));
  const Bucket = outputs.interactions;
  const { Contents = [] } = await clients.s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
  const keys = Contents.map(({ Key = "" }) => Key);
  const texts = await Promise.all(
    keys.map(async (Key) => {
      const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket, Key }));
      return gunzipSync((await Body?.transformToByteArray()) ?? "").toString();
    }),
  );
  const lines = texts.flatMap((text) => text.trimEnd().split("\n"));
  return { keys, lines: lines.map((line): unknown => JSON.parse(line)) };
}

describe("interactions", () => {
  it("go over the API into the folder of the day on which they happened, in UTC", async () => {
    const evening = { ...interaction, timestamp: "2026-01-15T23:30:00-02:00" };
    const morning = { ...interaction, interaction_id: "int_2", timestamp: "2026-01-15T08:00:00Z" };

    const { status, answer } = await ask("penstock/ingest", "POST", "/api/interactions", {
      interactions: [evening, morning],
    });

    expect([status, answer]).toEqual([202, { taken: 2 }]);
    const before = await linesUnder("interactions/year=2026/month=01/day=15/");
    const after = await linesUnder("interactions/year=2026/month=01/day=16/");
    expect(before.lines).toEqual([morning]);
    expect(after.lines).toEqual([{ ...evening, timestamp: "2026-01-16T01:30:00Z" }]);
    expect(before.keys[0]).toMatch(/\/penstock-local-interactions-1-[\d-]+[\da-f-]{36}\.jsonl\.gz$/);
    expect(lost).toEqual([]);
  });

  it("that reach the stream some other way and name no day are kept apart", async () => {
    const record = { StreamName: outputs.interactionStream, PartitionKey: "k", Data: Buffer.from("{}") };

    await clients.kinesis.send(new PutRecordCommand(record));

    const { keys, lines } = await linesUnder("undeliverable/processing-failed/");
    expect(keys).toHaveLength(1);
    expect(lines).toEqual([expect.objectContaining({ rawData: Buffer.from("{}").toString("base64") })]);
    expect(lost).toEqual([]);
  });

  it("that were put aside are told, and delivered to their days when somebody says so", async () => {
    const late = JSON.stringify({ ...interaction, timestamp: "2022-03-01T10:00:00Z" });
    const rawData = Buffer.from(late).toString("base64");
    await clients.s3.send(
      new PutObjectCommand({
        Bucket: outputs.interactions,
        Key: "undeliverable/activePartitionExceeded/2026-01-15/one.jsonl.gz",
        Body: gzipSync(`${JSON.stringify({ errorCode: "TooMany", rawData })}\n`),
      }),
    );
    const look = async (deliver: boolean) => {
      const FunctionName = "penstock-local-Undeliverable";
      const { Payload, FunctionError } = await clients.lambda.send(
        new InvokeCommand({ FunctionName, Payload: JSON.stringify({ deliver }) }),
      );
      expect(FunctionError).toBeUndefined();
      return JSON.parse(Buffer.from(Payload ?? []).toString());
    };

    const told = await look(false);
    const delivered = await look(true);

    // The one of the test before this one names no day, and stays.
    expect(told).toMatchObject({ objects: 2, deliverable: 1, left: 1, days: ["2022-03-01"] });
    expect(told.reasons).toEqual({ TooMany: 1, "DynamicPartitioning.MetadataExtractionFailed": 1 });
    expect(delivered).toEqual(told);
    expect((await linesUnder("interactions/year=2022/month=03/day=01/")).lines).toEqual([JSON.parse(late)]);
    expect(await look(false)).toMatchObject({ objects: 1, deliverable: 0, left: 1 });
  });

  it("are refused whole, and nothing of them is sent", async () => {
    const wrong = { ...interaction, timestamp: "2025-05-05T00:00:00Z", rating: 9 };
    const good = { ...interaction, timestamp: "2025-05-05T00:00:00Z" };

    const refused = await ask("penstock/ingest", "POST", "/api/interactions", {
      interactions: [good, wrong],
    });

    expect([refused.status, refused.answer.errors]).toEqual([
      400,
      [{ field: "interactions.1.rating", detail: expect.any(String) }],
    ]);
    expect((await linesUnder("interactions/year=2025/")).keys).toEqual([]);
  });
});

describe("features", () => {
  const { features: _, ...head } = onlineItem("u1");

  it("of one and of many come from the online tables", async () => {
    const Item = {
      id: { S: head.id },
      version: { N: String(head.version) },
      as_of: { S: head.as_of },
      planned_at: { S: head.planned_at },
      run: { S: head.run },
      expires_at: { N: String(head.expires_at) },
      features: { S: '{"total_interactions":3,"favorite_category":"toys"}' },
    };
    await clients.dynamodb.send(new PutItemCommand({ TableName: outputs.userFeatures, Item }));
    await clients.dynamodb.send(
      new PutItemCommand({ TableName: outputs.itemFeatures, Item: { ...Item, id: { S: "p1" } } }),
    );

    const one = await ask("penstock/features", "GET", "/api/features/user/u1");
    const many = await ask("penstock/features", "POST", "/api/features/item/batch", { ids: ["p1", "p2"] });
    const none = await ask("penstock/features", "GET", "/api/features/item/u1");

    const features = { total_interactions: 3, favorite_category: "toys" };
    expect(one).toMatchObject({ status: 200, answer: { id: "u1", as_of: head.as_of, features } });
    expect(many).toMatchObject({ status: 200, answer: { found: [{ id: "p1", features }], missing: ["p2"] } });
    expect(none.status).toBe(404);
  });

  it("cannot be read by who sends interactions, nor the other way round", async () => {
    const reading = await ask("penstock/ingest", "GET", "/api/features/user/u1");
    const sending = await ask("penstock/features", "POST", "/api/interactions", {
      interactions: [interaction],
    });

    expect([reading.status, sending.status]).toEqual([403, 403]);
  });
});

describe("a range of days", () => {
  const path = "/api/pipelines/feature-pipeline/executions";

  it("is started over the API, and shown when it has ended", async () => {
    const body = { mode: "range", start_date: "2026-03-01", end_date: "2026-03-02", validate_only: true };

    const { status, answer } = await ask("penstock/run", "POST", path, body);

    expect([status, answer.pipeline]).toEqual([201, "feature-pipeline"]);
    const ended = await eventually(async () => {
      const id = encodeURIComponent(String(answer.id));
      const { answer: now } = await ask("penstock/run", "GET", `/api/executions/${id}`);
      return now.status === "RUNNING" ? undefined : now;
    });
    expect(ended).toMatchObject({
      status: "SUCCEEDED",
      input: body,
      output: { status: "EMPTY", run_id: "range-2026-03-01-2026-03-02", rows: 0 },
    });
  });

  it.each([
    [{ mode: "range", start_date: "2026-01-15" }, "end_date"],
    [{ mode: "range", start_date: "2026-01-16", end_date: "2026-01-15" }, "end_date"],
    [{ mode: "daily", start_date: "2026-01-15" }, "start_date"],
    [{ mode: "hourly" }, "mode"],
  ])("is refused as %j, with the field to mend", async (body, field) => {
    const { status, answer } = await ask("penstock/run", "POST", path, body);

    expect(status).toBe(400);
    expect(answer.errors).toEqual([expect.objectContaining({ field })]);
  });
});
