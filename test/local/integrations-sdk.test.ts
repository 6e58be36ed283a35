import { createHash } from "node:crypto";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Integrations, openIntegrations } from "./integration-machines.ts";

let cloud: Integrations["cloud"];
let clients: Integrations["clients"];
let run: Integrations["run"];

beforeAll(async () => {
  ({ cloud, clients, run } = await openIntegrations());
});
afterAll(() => cloud.close());

describe("aws-sdk", () => {
  test.each<[string, unknown, string]>([
    ["an object", { Dict: "Value" }, "49e31cee5aec8faf3345893addb14346"],
    ["a list", ["List", "Data"], "6b23860357f6e63a0272b7f1143a663a"],
    ["a boolean", false, "68934a3e9455fa72420237eb05902327"],
  ])("s3:putObject writes %s as the JSON that AWS writes", async (_, Body, md5) => {
    const { result } = await run("sdkPutObject", { Bucket: "files", Key: "x", Body });

    expect(result.ETag).toBe(`"${md5}"`);
  });

  test("s3:getObject gives the body as text, and instants as ISO 8601", async () => {
    await clients.s3.send(new PutObjectCommand({ Bucket: "files", Key: "ä b", Body: "text ü" }));

    const { result } = await run("sdkGetObject", { Bucket: "files", Key: "ä b" });

    expect(result).toMatchObject({
      AcceptRanges: "bytes",
      Body: "text ü",
      ContentLength: 7,
      ETag: `"${createHash("md5").update("text ü").digest("hex")}"`,
      LastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      Metadata: {},
    });
    expect(result).not.toHaveProperty("$metadata");
  });

  test("s3:listObjectsV2 lists in PascalCase", async () => {
    const { result } = await run("sdkListObjects", { Bucket: "files", Prefix: "ä" });

    expect(result).toMatchObject({
      KeyCount: 1,
      Contents: [{ Key: "ä b", Size: 7, StorageClass: "STANDARD" }],
    });
  });

  test("errors are named after the Java SDK's exceptions", async () => {
    expect((await run("sdkGetObject", { Bucket: "files", Key: "nope" })).error).toBe("S3.NoSuchKeyException");
    expect((await run("sdkHeadObject", { Bucket: "files", Key: "nope" })).error).toBe(
      "S3.NoSuchKeyException",
    );
    expect((await run("sdkListObjects", { Bucket: "nobodys-bucket" })).error).toBe(
      "S3.NoSuchBucketException",
    );
    const token = await run("sdkFailure", { TaskToken: "NoSuchTaskToken" });
    expect(token.error).toBe("Sfn.InvalidTokenException");
    expect(token.cause).toMatch(
      /^Invalid Token: 'Invalid token' \(Service: Sfn, Status Code: 400, Request ID: \S+\) \(SDK Attempt Count: 1\)$/,
    );
  });

  test("sfn speaks PascalCase both ways", async () => {
    const { executionArn } = await run("child", { b: 2 });

    const { result } = await run("sdkDescribe", { ExecutionArn: executionArn });

    expect(result).toMatchObject({
      ExecutionArn: executionArn,
      Status: "SUCCEEDED",
      Input: '{"b":2}',
      InputDetails: { Included: true },
      StartDate: expect.stringMatching(/^\d{4}-.*Z$/),
    });
  });

  test("lambda:invoke leaves the payload as text", async () => {
    const { result } = await run("sdkInvoke", { FunctionName: "Echo", Payload: { a: 1 } });

    expect(result).toMatchObject({ Payload: '{"a":1}', StatusCode: 200 });
  });

  test("a service or an action that is not there fails loudly", async () => {
    const service = await run("sdkUnknown", {});
    const action = await run("sdkNoAction", {});

    expect([service.error, action.error]).toEqual(["States.Runtime", "States.Runtime"]);
    expect(service.cause).toContain("rekognition");
    expect(action.cause).toContain("flyAway");
  });

  test("a field that the action does not know fails loudly, where the SDK would leave it out", async () => {
    const top = await run("sdkGetObject", { Bucket: "files", Key: "x", Keys: [] });
    const nested = await run("sdkEvents", { Entries: [{ Source: "shop", DetailTyp: "x", Detail: {} }] });
    const camelCase = await run("sdkDescribe", { executionArn: "x" });

    expect([top, nested, camelCase].map(({ error }) => error)).toEqual(Array(3).fill("States.Runtime"));
    expect(top.cause).toBe('The field "Keys" is not supported by Step Functions');
    expect(nested.cause).toBe('The field "DetailTyp" is not supported by Step Functions');
    expect(camelCase.cause).toBe('The field "executionArn" is not supported by Step Functions');
  });

  test("calls as the machine's role", async () => {
    const { result } = await run("sdkPutObject", { Bucket: "files", Key: "by role", Body: "x" });

    expect(result.ETag).toBeDefined();
    const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: "files", Key: "by role" }));
    expect(await Body?.transformToString()).toBe("x");
  });
});
