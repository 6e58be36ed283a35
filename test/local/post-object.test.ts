import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HeadObjectCommand, ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { clientsOf, nextMessage } from "./clients.ts";
import { answered, clientOfRole, type Fields, send, signedFields } from "./signed-forms.ts";
import * as graph from "./small-graph.ts";

const allow = (Action: string | string[], Resource: string) => ({ Effect: "Allow", Action, Resource });
const KEY = "arn:aws:kms:us-east-1:000000000000:key/seal";
const resources = [
  graph.bucket("uploads"),
  graph.bucket("others"),
  graph.bucket("sealed"),
  graph.notifying("uploads"),
  graph.queue("changes"),
  ...graph.rule("created", { source: ["aws.s3"] }, { arn: graph.queueArn("changes") }),
  graph.resource("aws:kms/key:Key", "seal", {}, { arn: KEY, keyId: "seal" }),
  graph.resource(
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "sealed-encryption",
    {
      bucket: "sealed",
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY } }],
    },
  ),
  graph.role("signer-role", [
    allow("s3:PutObject", "arn:aws:s3:::uploads/uploads/*"),
    allow("s3:PutObject", "arn:aws:s3:::sealed/*"),
  ]),
  graph.role("sealer-role", [allow(["s3:PutObject", "kms:GenerateDataKey"], "*")]),
];

let cloud: Cloud;
let data: string;
let signer: S3Client;
let sealer: S3Client;
let own: ReturnType<typeof clientsOf>;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), "penstock-test-"));
  const functions = ["signer", "sealer"].map((name) => graph.lambda(name, "environment"));
  cloud = await bootCloud(graph.graphOf(resources, functions), { root: graph.root, dataDirectory: data });
  [signer, sealer] = await Promise.all([clientOfRole(cloud, "signer"), clientOfRole(cloud, "sealer")]);
  own = clientsOf(cloud.endpoint);
});
afterAll(async () => {
  await cloud.close();
  rmSync(data, { recursive: true });
});

let Key: string;
let turn = 0;
beforeEach(() => {
  turn += 1;
  Key = `uploads/ana/${turn}.png`;
});

const url = (bucket = "uploads") => `${cloud.endpoint}/${bucket}`;
const form = (options: Partial<Parameters<typeof signedFields>[1]> = {}, client = signer) =>
  signedFields(client, {
    Bucket: "uploads",
    Key,
    Fields: { "Content-Type": "image/png", success_action_status: "201" },
    Conditions: [["content-length-range", 1, 100]],
    ...options,
  });
const without = (fields: Fields, ...names: string[]) => fields.filter(([name]) => !names.includes(name));
const changed = (fields: Fields, name: string, value: string): Fields =>
  fields.map(([each, old]) => [each, each === name ? value : old]);
/** A policy that the SDK would not make, in a form that is signed all the same. */
async function withPolicy(policy: unknown): Promise<Fields> {
  const fields = await form();
  const { createHmac } = await import("node:crypto");
  const text = Buffer.from(typeof policy === "string" ? policy : JSON.stringify(policy)).toString("base64");
  const credentials = await signer.config.credentials();
  const hmac = (key: string | Buffer, what: string) => createHmac("sha256", key).update(what).digest();
  const [, day = ""] = fields.find(([name]) => name === "X-Amz-Credential")?.[1].split("/") ?? [];
  const secret = hmac(`AWS4${credentials.secretAccessKey}`, day);
  const key = ["us-east-1", "s3", "aws4_request"].reduce(hmac, secret);
  return changed(changed(fields, "Policy", text), "X-Amz-Signature", hmac(key, text).toString("hex"));
}
const anyPicture = (): Partial<Parameters<typeof signedFields>[1]> => ({
  Fields: {},
  Conditions: [["starts-with", "$Content-Type", "image/"]],
});
const soon = () => new Date(Date.now() + 60_000).toISOString();
async function stored(): Promise<string[]> {
  const { Contents = [] } = await own.s3.send(new ListObjectsV2Command({ Bucket: "uploads", Prefix: Key }));
  return Contents.map((object) => object.Key ?? "");
}

describe("a form that its signer made", () => {
  test("puts its file where it says, and is answered as it wishes", async () => {
    const body = "twenty bytes of file";
    const answer = await send(
      url(),
      await form({
        Fields: { "Content-Type": "image/png", success_action_status: "201", "x-amz-meta-owner": "ab" },
      }),
      body,
    );

    const etag = `"${createHash("md5").update(body).digest("hex")}"`;
    expect([answer.status, answer.element("Bucket"), answer.element("Key"), answer.element("ETag")]).toEqual([
      201,
      "uploads",
      Key,
      etag,
    ]);
    expect(answer.headers.get("location")).toBe(`${url()}/${encodeURIComponent(Key)}`);
    const head = await own.s3.send(new HeadObjectCommand({ Bucket: "uploads", Key }));
    expect(head).toMatchObject({
      ContentType: "image/png",
      ContentLength: body.length,
      ETag: etag,
      Metadata: { owner: "ab" },
    });
  });

  test("is told of as what it is", async () => {
    await send(url(), await form());

    for (;;) {
      const { body } = await nextMessage(own.sqs, graph.queueUrl("changes"));
      if (body.detail.object.key !== Key) continue;
      expect(body).toMatchObject({ "detail-type": "Object Created", detail: { reason: "POST Object" } });
      return;
    }
  });

  test.each([
    ["200", 200],
    ["204", 204],
    ["999", 204],
  ])("wishing for %s is answered %i, without a document", async (wish, status) => {
    const fields = await form({ Fields: { "Content-Type": "image/png", success_action_status: wish } });

    const answer = await send(url(), fields);

    expect([answer.status, answer.xml, answer.headers.get("etag")]).toEqual([status, "", expect.any(String)]);
  });

  test("may leave its type and its wish out, and have a slash behind the bucket", async () => {
    const answer = await send(`${url()}/`, await form({ Fields: {} }));

    expect(answer.status).toBe(204);
    const head = await own.s3.send(new HeadObjectCommand({ Bucket: "uploads", Key }));
    expect(head.ContentType).toBe("binary/octet-stream");
  });

  test("names the object as the file where it says so", async () => {
    const fields = await form({ Key: `${Key}-\${filename}`, Fields: {} });

    const answer = await send(url(), fields, "bytes", "folder/ü photo.png");

    expect([answer.status, await stored()]).toEqual([204, [`${Key}-ü photo.png`]]);
  });

  test("can write its fields in any case, and others that are to be ignored", async () => {
    const fields = await form({ Fields: { "Content-Type": "image/png" } });

    const answer = await send(url(), [
      ...fields.map(([name, value]): [string, string] => [name.toUpperCase(), value]),
      ["x-ignore-me", "yes"],
    ]);

    expect([answer.status, await stored()]).toEqual([204, [Key]]);
  });

  test("may have a list of types, each of which its policy takes", async () => {
    const fields: Fields = [...(await form(anyPicture())), ["Content-Type", "image/png,image/jpeg"]];

    expect((await send(url(), fields)).status).toBe(204);
  });

  test("is done with at its file: what comes after counts for nothing", async () => {
    const body = new FormData();
    for (const [name, value] of await form({ Fields: {} })) body.append(name, value);
    body.append("file", new Blob(["bytes"]), "a.png");
    body.append("key", "uploads/other/x.png");

    const { status } = await answered(await fetch(url(), { method: "POST", body }));

    expect([status, await stored()]).toEqual([204, [Key]]);
  });

  test.each([1, 100])("takes a file of %i bytes where 1 to 100 are taken", async (size) => {
    const answer = await send(url(), await form(), "x".repeat(size));

    expect([answer.status, await stored()]).toEqual([201, [Key]]);
  });

  test("may be sent again while it holds", async () => {
    const fields = await form();
    await send(url(), fields, "first");

    const answer = await send(url(), fields, "second");

    expect(answer.element("ETag")).toBe(`"${createHash("md5").update("second").digest("hex")}"`);
  });

  test("needs the key of a bucket that is sealed", async () => {
    const target = { Bucket: "sealed", Key, Fields: {}, Conditions: [] };
    const refused = await send(url("sealed"), await signedFields(signer, target));
    const taken = await send(url("sealed"), await signedFields(sealer, target));

    expect([refused.status, refused.element("Code"), taken.status]).toEqual([403, "AccessDenied", 204]);
    expect(refused.element("Message")).toContain("kms:GenerateDataKey");
  });
});

describe("what S3 refuses leaves nothing behind", () => {
  const condition = (...parts: string[]) => `[${parts.map((part) => JSON.stringify(part)).join(", ")}]`;
  const failed = (...parts: string[]) =>
    `Invalid according to Policy: Policy Condition failed: ${condition(...parts)}`;
  const invalid = (why: string) => `Invalid Policy: ${why}`;
  const policy = (...conditions: unknown[]) => withPolicy({ expiration: soon(), conditions });
  const rows: [why: string, fields: () => Promise<Fields>, status: number, code: string, message: string][] =
    [
      [
        "a form that nobody signed",
        async () => (await form()).filter(([name]) => /key|type/i.test(name) && !name.startsWith("X-")),
        403,
        "AccessDenied",
        "Access Denied",
      ],
      [
        "a form with a policy alone",
        async () =>
          without(await form(), "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Signature"),
        403,
        "AccessDenied",
        "Access Denied",
      ],
      ...["Policy", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Signature", "key"].map(
        (name): (typeof rows)[number] => [
          `no field ${name}`,
          async () => without(await form(), name),
          400,
          "InvalidArgument",
          `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`,
        ],
      ),
      [
        "an access key of nobody here",
        async () =>
          changed(
            await form(),
            "X-Amz-Credential",
            "AKIAIOSFODNN7EXAMPLE/20261121/us-east-1/s3/aws4_request",
          ),
        403,
        "InvalidAccessKeyId",
        "The AWS Access Key Id you provided does not exist in our records.",
      ],
      [
        "the operator's own keys",
        () => form({}, own.s3),
        403,
        "InvalidAccessKeyId",
        "The AWS Access Key Id you provided does not exist in our records.",
      ],
      [
        "a role's key without its token",
        async () => without(await form(), "X-Amz-Security-Token"),
        403,
        "InvalidAccessKeyId",
        "The AWS Access Key Id you provided does not exist in our records.",
      ],
      [
        "another token",
        async () => changed(await form(), "X-Amz-Security-Token", "another"),
        400,
        "InvalidToken",
        "The provided token is malformed or otherwise invalid.",
      ],
      [
        "another region",
        async () => {
          const fields = await form();
          const credential = fields.find(([name]) => name === "X-Amz-Credential")?.[1] ?? "";
          return changed(fields, "X-Amz-Credential", credential.replace("us-east-1", "eu-west-1"));
        },
        400,
        "InvalidArgument",
        "the region 'eu-west-1' is wrong; expecting 'us-east-1'",
      ],
      [
        "a credential of another service",
        async () => {
          const fields = await form();
          const credential = fields.find(([name]) => name === "X-Amz-Credential")?.[1] ?? "";
          return changed(fields, "X-Amz-Credential", credential.replace("/s3/", "/sqs/"));
        },
        400,
        "InvalidArgument",
        "the Credential is mal-formed",
      ],
      [
        "another algorithm",
        async () => changed(await form(), "X-Amz-Algorithm", "AWS4-HMAC-MD5"),
        400,
        "InvalidArgument",
        "AWS4-HMAC-SHA256",
      ],
      [
        "a date of another form",
        async () => changed(await form(), "X-Amz-Date", "2026-11-21"),
        400,
        "InvalidArgument",
        "X-Amz-Date must be formated via ISO8601 Long format",
      ],
      [
        "a policy that was changed",
        async () => {
          const fields = await form();
          const old = fields.find(([name]) => name === "Policy")?.[1] ?? "";
          const wider = Buffer.from(old, "base64").toString().replace(",100]", ",9999]");
          return changed(fields, "Policy", Buffer.from(wider).toString("base64"));
        },
        403,
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match",
      ],
      [
        "another signature",
        async () => changed(await form(), "X-Amz-Signature", "0".repeat(64)),
        403,
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match",
      ],
      [
        "a form whose time is over",
        () => form({ Expires: -1 }),
        403,
        "AccessDenied",
        "Invalid according to Policy: Policy expired.",
      ],
      [
        "another type",
        async () => changed(await form(), "Content-Type", "text/html"),
        403,
        "AccessDenied",
        failed("eq", "$Content-Type", "image/png"),
      ],
      [
        "another key",
        async () => changed(await form(), "key", "uploads/bob/1.png"),
        403,
        "AccessDenied",
        'Policy Condition failed: ["eq", "$key", "uploads/ana/',
      ],
      [
        "a key out of the prefix",
        async () => changed(await form({ Key: "uploads/ana/$" + "{filename}" }), "key", "uploads/bob/x"),
        403,
        "AccessDenied",
        failed("starts-with", "$key", "uploads/ana/"),
      ],
      [
        "a field less than the policy has",
        async () => without(await form(), "success_action_status"),
        403,
        "AccessDenied",
        failed("eq", "$success_action_status", "201"),
      ],
      [
        "types of which one is another",
        async () => [...(await form(anyPicture())), ["Content-Type", "image/png,text/html"]],
        403,
        "AccessDenied",
        failed("starts-with", "$Content-Type", "image/"),
      ],
      [
        "a field more than the policy has",
        async () => [...(await form()), ["x-amz-meta-A", "b"]],
        403,
        "AccessDenied",
        "Invalid according to Policy: Extra input fields: x-amz-meta-A",
      ],
      [
        "a policy that is no JSON",
        () => withPolicy("{"),
        400,
        "InvalidPolicyDocument",
        invalid("Invalid JSON."),
      ],
      [
        "a policy without an end",
        () => withPolicy({ conditions: [] }),
        400,
        "InvalidPolicyDocument",
        invalid("Policy missing expiration."),
      ],
      [
        "a policy that ends at no time",
        () => withPolicy({ expiration: "tomorrow", conditions: [] }),
        400,
        "InvalidPolicyDocument",
        invalid("Invalid 'expiration' value: 'tomorrow'"),
      ],
      [
        "a policy without conditions",
        () => withPolicy({ expiration: soon() }),
        400,
        "InvalidPolicyDocument",
        invalid("Policy missing conditions."),
      ],
      [
        "a policy with more than it can have",
        () => withPolicy({ expiration: soon(), conditions: [], Statement: [] }),
        400,
        "InvalidPolicyDocument",
        invalid("Unexpected: 'statement'"),
      ],
      [
        "an operator that there is not",
        () => policy(["ends-with", "$key", "png"]),
        400,
        "InvalidPolicyDocument",
        invalid("Invalid Condition: unknown operation 'ends-with'."),
      ],
      [
        "two conditions in one",
        () => policy({ key: "a", bucket: "b" }),
        400,
        "InvalidPolicyDocument",
        invalid("Invalid Simple-Condition: Simple-Conditions must have exactly one property specified."),
      ],
      [
        "a condition on a number",
        () => policy({ key: 1 }),
        400,
        "InvalidPolicyDocument",
        invalid("Invalid Simple-Condition: value must be a string."),
      ],
      [
        "a range with one end",
        () => policy(["content-length-range", 1]),
        400,
        "InvalidPolicyDocument",
        invalid("Invalid content-length-range: wrong number of arguments."),
      ],
      [
        "a name without its sign",
        () => policy(["eq", "bucket", "uploads"]),
        403,
        "AccessDenied",
        failed("eq", "bucket", "uploads"),
      ],
      [
        "a condition on a field that is not there",
        () => policy(["starts-with", "$x-amz-meta-a", ""]),
        403,
        "AccessDenied",
        failed("starts-with", "$x-amz-meta-a", ""),
      ],
      [
        "a key that its signer may not write",
        () => form({ Key: "elsewhere/a.png" }),
        403,
        "AccessDenied",
        "is not authorized to perform: s3:PutObject",
      ],
      [
        "a field that does something which is not done here",
        () => form({ Fields: { tagging: "<Tagging/>" } }),
        501,
        "NotImplemented",
        'a form with the field "tagging"',
      ],
    ];

  test.each(rows)("%s", async (_, fields, status, code, message) => {
    const answer = await send(url(), await fields());

    expect([answer.status, answer.element("Code")]).toEqual([status, code]);
    expect(answer.element("Message")).toContain(message);
    expect(answer.element("RequestId")).toMatch(/./);
    expect(await stored()).toEqual([]);
    expect(readdirSync(join(data, "s3/.incoming"))).toEqual([]);
  });

  test("a form for another bucket", async () => {
    const answer = await send(url("others"), await form());

    expect(answer.element("Message")).toContain(failed("eq", "$bucket", "uploads"));
    expect(existsSync(join(data, "s3/others", Key))).toBe(false);
  });

  test.each([
    ["nothing", 0, "EntityTooSmall", "MinSizeAllowed", "1"],
    ["a byte more", 101, "EntityTooLarge", "MaxSizeAllowed", "100"],
    ["megabytes", 3_000_000, "EntityTooLarge", "MaxSizeAllowed", "100"],
  ])("a file of another size: %s", async (_, size, code, bound, value) => {
    const answer = await send(url(), await form(), "x".repeat(size));

    expect([
      answer.status,
      answer.element("Code"),
      answer.element("ProposedSize"),
      answer.element(bound),
    ]).toEqual([400, code, String(size), value]);
    expect([await stored(), readdirSync(join(data, "s3/.incoming"))]).toEqual([[], []]);
  });

  const raw = async (body: string, type = "multipart/form-data; boundary=b") =>
    answered(await fetch(url(), { method: "POST", headers: { "content-type": type }, body }));
  const part = (name: string, value: string, more = "") =>
    `--b\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;

  test.each([
    ["another enclosure", "key=a", "application/x-www-form-urlencoded", 412, "PreconditionFailed"],
    ["no boundary", "", "multipart/form-data", 400, "MalformedPOSTRequest"],
    ["no file", `${part("key", "a")}--b--\r\n`, undefined, 400, "InvalidArgument"],
    [
      "too much before its file",
      `${part("key", "a".repeat(20_481))}--b--\r\n`,
      undefined,
      400,
      "MaxPostPreDataLengthExceeded",
    ],
    [
      "a field that comes twice",
      `${part("key", "a")}${part("Key", "b")}--b--\r\n`,
      undefined,
      501,
      "NotImplemented",
    ],
  ])("a body with %s", async (_, body, type, status, code) => {
    const answer = await raw(body, type);

    expect([answer.status, answer.element("Code")]).toEqual([status, code]);
  });

  test("a second file", async () => {
    const fields = (await form({ Fields: {} })).map(([name, value]) => part(name, value)).join("");

    const answer = await raw(`${fields}${part("file", "one")}${part("file", "two")}--b--\r\n`);

    expect([answer.status, answer.element("ArgumentValue"), await stored()]).toEqual([400, "2", []]);
    expect(readdirSync(join(data, "s3/.incoming"))).toEqual([]);
  });

  test("a form that ends within its file", async () => {
    const fields = (await form({ Fields: {} })).map(([name, value]) => part(name, value)).join("");

    const answer = await raw(`${fields}${part("file", "only the beg")}`);

    expect([answer.status, answer.element("Code"), await stored()]).toEqual([
      400,
      "MalformedPOSTRequest",
      [],
    ]);
    expect(readdirSync(join(data, "s3/.incoming"))).toEqual([]);
  });

  test("the next request of the connection is answered as ever", async () => {
    await send(url(), await form({ Expires: -1 }), "x".repeat(500_000));

    const answer = await send(url(), await form());

    expect(answer.status).toBe(201);
  });
});
