import { type IncomingMessage, request } from "node:http";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { clientsOf } from "./clients.ts";
import * as graph from "./small-graph.ts";

const SECURITY_HEADERS = "67f7725c-6f97-4210-82d7-5512b31e9d03";
const KEY = "arn:aws:kms:us-east-1:000000000000:key/seal";
const arnOf = (name: string) => `arn:aws:cloudfront::000000000000:distribution/${name}`;

const control = graph.resource("aws:cloudfront/originAccessControl:OriginAccessControl", "control", {
  signingBehavior: "always",
  signingProtocol: "sigv4",
  originAccessControlOriginType: "s3",
});
const distribution = (name: string, bucket: string, inputs: Record<string, unknown> = {}) =>
  graph.resource(
    "aws:cloudfront/distribution:Distribution",
    name,
    {
      enabled: true,
      origins: [
        {
          originId: "bucket",
          domainName: `${bucket}.s3.us-east-1.amazonaws.com`,
          originAccessControlId: "control",
        },
      ],
      defaultCacheBehavior: {
        targetOriginId: "bucket",
        allowedMethods: ["GET", "HEAD"],
        viewerProtocolPolicy: "redirect-to-https",
        responseHeadersPolicyId: SECURITY_HEADERS,
      },
      ...inputs,
    },
    { arn: arnOf(name), domainName: `${name}.cloudfront.net` },
  );
/** A policy that lets CloudFront in, for one distribution or for those of the account. */
const admits = (bucket: string, source: string) =>
  graph.resource("aws:s3/bucketPolicy:BucketPolicy", `${bucket}-policy`, {
    bucket,
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "cloudfront.amazonaws.com" },
          Action: "s3:GetObject",
          Resource: `arn:aws:s3:::${bucket}/*`,
          Condition: { StringLike: { "aws:SourceArn": source } },
        },
      ],
    }),
  });
const sealed = (bucket: string) =>
  graph.resource(
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    `${bucket}-encryption`,
    {
      bucket,
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY } }],
    },
  );
const resources = [
  control,
  ...["pictures", "closed", "sealed"].map(graph.bucket),
  admits("pictures", arnOf("*")),
  admits("closed", arnOf("another")),
  admits("sealed", arnOf("*")),
  sealed("sealed"),
  graph.resource("aws:kms/key:Key", "seal", {}, { arn: KEY, keyId: "seal" }),
  ...["pictures", "closed", "sealed"].map((name) => distribution(name, name)),
  distribution("resting", "pictures", { enabled: false }),
];

let cloud: Cloud;

beforeAll(async () => {
  const reader = graph.lambda("reader", "environment", {
    links: {
      Assets: {
        base: "https://pictures.cloudfront.net",
        deep: ["https://pictures.cloudfront.net/generated/", 7, null],
        youtube: { url: "https://www.googleapis.com/youtube/v3" },
        alike: "https://pictures.cloudfront.net.example/x",
        other: "https://resting.cloudfront.net",
      },
    },
  });
  cloud = await bootCloud(graph.graphOf(resources, [reader]), { root: graph.root });
  const { s3 } = clientsOf(cloud.endpoint);
  for (const Bucket of ["pictures", "closed", "sealed"]) {
    const picture = { Body: "0123456789", ContentType: "image/png", CacheControl: "max-age=60" };
    await s3.send(new PutObjectCommand({ Bucket, Key: "generated/ü a+b.png", ...picture }));
  }
});
afterAll(() => cloud.close());

const PATH = "/generated/%C3%BC%20a+b.png";

async function ask(name: string, path = PATH, init: RequestInit = {}) {
  const response = await fetch(`${cloud.outside.distributions[name]}${path}`, init);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe("a distribution", () => {
  test("serves its bucket's objects to everybody, as they were put", async () => {
    const { status, headers, text } = await ask("pictures");

    expect([status, text]).toEqual([200, "0123456789"]);
    expect(Object.fromEntries(headers)).toMatchObject({
      "content-type": "image/png",
      "content-length": "10",
      "cache-control": "max-age=60",
      "x-content-type-options": "nosniff",
      etag: expect.any(String),
    });
  });

  test("answers HEAD without the bytes", async () => {
    const { status, headers, text } = await ask("pictures", PATH, { method: "HEAD" });

    expect([status, headers.get("content-length"), text]).toEqual([200, "10", ""]);
  });

  test("hands on ranges and conditions, and neither query nor authorization", async () => {
    const part = await ask("pictures", PATH, { headers: { range: "bytes=2-4" } });
    const etag = part.headers.get("etag") ?? "";
    const same = await ask("pictures", PATH, { headers: { "if-none-match": etag } });
    const asking = await ask("pictures", `${PATH}?uploads&list-type=2`, {
      headers: { authorization: "Bearer x" },
    });

    expect([part.status, part.text, same.status, asking.status, asking.text]).toEqual([
      206,
      "234",
      304,
      200,
      "0123456789",
    ]);
  });

  test("does not tell what is not there, nor what there is", async () => {
    const missing = await ask("pictures", "/generated/none.png");
    const listing = await ask("pictures", "/");

    expect([missing.status, listing.status]).toEqual([403, 403]);
    expect(missing.text).toContain("<Code>AccessDenied</Code>");
    expect(listing.text).not.toContain("generated");
  });

  test("does not lead into another bucket, whatever its path", async () => {
    const { hostname, port } = new URL(cloud.outside.distributions.closed ?? "");
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request({ hostname, port, path: `/../pictures${PATH}` }, resolve)
        .on("error", reject)
        .end();
    });
    answer.resume();

    expect(answer.statusCode).toBe(403);
  });

  test.each(["PUT", "POST", "DELETE"])("takes no %s", async (method) => {
    const { status } = await ask("pictures", PATH, { method });

    expect([status, (await ask("pictures")).text]).toEqual([403, "0123456789"]);
  });

  test("is let in by the bucket's own policy alone", async () => {
    const { status, text } = await ask("closed");

    expect([status, text]).toEqual([403, expect.stringContaining("cloudfront.amazonaws.com")]);
  });

  test("and by the policy of the key that seals the bucket", async () => {
    const { status, text } = await ask("sealed");

    expect([status, text]).toEqual([403, expect.stringContaining("kms:Decrypt")]);
  });

  test("has no door while it is not enabled", () => {
    expect(Object.keys(cloud.outside.distributions).sort()).toEqual(["closed", "pictures", "sealed"]);
  });
});

test("what is linked to functions leads to the stand-ins, whatever the deployment says", async () => {
  const invocation = await cloud.functions.invoke("reader", "{}");
  if (invocation.outcome === "failed") expect.unreachable(invocation.log);
  const { SST_RESOURCE_Assets } = v.parse(
    v.object({ SST_RESOURCE_Assets: v.string() }),
    JSON.parse(invocation.payload),
  );

  const { pictures } = cloud.outside.distributions;
  expect(JSON.parse(SST_RESOURCE_Assets)).toEqual({
    base: pictures,
    deep: [`${pictures}/generated/`, 7, null],
    youtube: { url: cloud.outside.youtube },
    alike: "https://pictures.cloudfront.net.example/x",
    other: "https://resting.cloudfront.net",
  });
  expect(cloud.notBuilt).toEqual([]);
});

describe("the cloud does not boot with a distribution", () => {
  const origin = (inputs: Record<string, unknown>) => ({
    origins: [
      {
        originId: "bucket",
        domainName: "pictures.s3.us-east-1.amazonaws.com",
        originAccessControlId: "control",
        ...inputs,
      },
    ],
  });
  const behaviour = (inputs: Record<string, unknown>) => ({
    defaultCacheBehavior: { allowedMethods: ["GET", "HEAD"], ...inputs },
  });
  test.each<[why: string, inputs: Record<string, unknown>, message: RegExp]>([
    ["before somebody else's server", origin({ domainName: "example.com" }), /only a bucket of the program/],
    ["that asks its bucket as nobody", origin({ originAccessControlId: "" }), /origin access control/],
    ["before a part of its bucket", origin({ originPath: "/a" }), /originPath/],
    ["that takes uploads", behaviour({ allowedMethods: ["GET", "PUT"] }), /only takes GET and HEAD/],
    ["with headers that nobody knows", behaviour({ responseHeadersPolicyId: "x" }), /headers policy x/],
    ["with behaviours by path", { orderedCacheBehaviors: [{}] }, /orderedCacheBehaviors/],
    ["with a page of its own", { defaultRootObject: "index.html" }, /defaultRootObject/],
    ["with a name of its own", { aliases: ["cdn.example.com"] }, /aliases/],
    ["with two origins", { origins: [{}, {}] }, /one origin/],
  ])("%s", async (_, inputs, message) => {
    const parts = [control, graph.bucket("pictures"), distribution("odd", "pictures", inputs)];

    await expect(bootCloud(graph.graphOf(parts), { root: graph.root })).rejects.toThrow(message);
  });
});
