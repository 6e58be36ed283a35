import { createHash } from "node:crypto";
import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { nextMessage } from "./clients.ts";
import { type FormCloud, openFormCloud } from "./form-cloud.ts";
import { answered, anyPicture, type Fields, send, signedFields } from "./signed-forms.ts";
import * as graph from "./small-graph.ts";

let there: FormCloud;
let Key: string;
beforeAll(async () => {
  there = await openFormCloud();
});
afterAll(() => there.close());
beforeEach(() => {
  there.nextTurn();
  Key = there.key();
});

describe("a form that its signer made", () => {
  test("puts its file where it says, and is answered as it wishes", async () => {
    const body = "twenty bytes of file";
    const answer = await send(
      there.url(),
      await there.form({
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
    expect(answer.headers.get("location")).toBe(`${there.url()}/${encodeURIComponent(Key)}`);
    const head = await there.own.s3.send(new HeadObjectCommand({ Bucket: "uploads", Key }));
    expect(head).toMatchObject({
      ContentType: "image/png",
      ContentLength: body.length,
      ETag: etag,
      Metadata: { owner: "ab" },
    });
  });

  test("is told of as what it is", async () => {
    await send(there.url(), await there.form());

    for (;;) {
      const { body } = await nextMessage(there.own.sqs, graph.queueUrl("changes"));
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
    const fields = await there.form({ Fields: { "Content-Type": "image/png", success_action_status: wish } });

    const answer = await send(there.url(), fields);

    expect([answer.status, answer.xml, answer.headers.get("etag")]).toEqual([status, "", expect.any(String)]);
  });

  test("may leave its type and its wish out, and have a slash behind the bucket", async () => {
    const answer = await send(`${there.url()}/`, await there.form({ Fields: {} }));

    expect(answer.status).toBe(204);
    const head = await there.own.s3.send(new HeadObjectCommand({ Bucket: "uploads", Key }));
    expect(head.ContentType).toBe("binary/octet-stream");
  });

  test("names the object as the file where it says so", async () => {
    const fields = await there.form({ Key: `${Key}-\${filename}`, Fields: {} });

    const answer = await send(there.url(), fields, "bytes", "folder/ü photo.png");

    expect([answer.status, await there.stored()]).toEqual([204, [`${Key}-ü photo.png`]]);
  });

  test("can write its fields in any case, and others that are to be ignored", async () => {
    const fields = await there.form({ Fields: { "Content-Type": "image/png" } });

    const answer = await send(there.url(), [
      ...fields.map(([name, value]): [string, string] => [name.toUpperCase(), value]),
      ["x-ignore-me", "yes"],
    ]);

    expect([answer.status, await there.stored()]).toEqual([204, [Key]]);
  });

  test("may have a list of types, each of which its policy takes", async () => {
    const fields: Fields = [...(await there.form(anyPicture)), ["Content-Type", "image/png,image/jpeg"]];

    expect((await send(there.url(), fields)).status).toBe(204);
  });

  test("is done with at its file: what comes after counts for nothing", async () => {
    const body = new FormData();
    for (const [name, value] of await there.form({ Fields: {} })) body.append(name, value);
    body.append("file", new Blob(["bytes"]), "a.png");
    body.append("key", "uploads/other/x.png");

    const { status } = await answered(await fetch(there.url(), { method: "POST", body }));

    expect([status, await there.stored()]).toEqual([204, [Key]]);
  });

  test.each([1, 100])("takes a file of %i bytes where 1 to 100 are taken", async (size) => {
    const answer = await send(there.url(), await there.form(), "x".repeat(size));

    expect([answer.status, await there.stored()]).toEqual([201, [Key]]);
  });

  test("may be sent again while it holds", async () => {
    const fields = await there.form();
    await send(there.url(), fields, "first");

    const answer = await send(there.url(), fields, "second");

    expect(answer.element("ETag")).toBe(`"${createHash("md5").update("second").digest("hex")}"`);
  });

  test("needs the key of a bucket that is sealed", async () => {
    const target = { Bucket: "sealed", Key, Fields: {}, Conditions: [] };
    const refused = await send(there.url("sealed"), await signedFields(there.signer, target));
    const taken = await send(there.url("sealed"), await signedFields(there.sealer, target));

    expect([refused.status, refused.element("Code"), taken.status]).toEqual([403, "AccessDenied", 204]);
    expect(refused.element("Message")).toContain("kms:GenerateDataKey");
  });
});
