import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type FormCloud, openFormCloud } from "./form-cloud.ts";
import { answered, send } from "./signed-forms.ts";
import { failed, spoiltForms } from "./spoilt-forms.ts";

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

describe("what S3 refuses leaves nothing behind", () => {
  test.each(spoiltForms)("%s", async (_, fields, status, code, message) => {
    const answer = await send(there.url(), await fields(there));

    expect([answer.status, answer.element("Code")]).toEqual([status, code]);
    expect(answer.element("Message")).toContain(message);
    expect(answer.element("RequestId")).toMatch(/./);
    expect(await there.stored()).toEqual([]);
    expect(there.incoming()).toEqual([]);
  });

  test("a form for another bucket", async () => {
    const answer = await send(there.url("others"), await there.form());

    expect(answer.element("Message")).toContain(failed("eq", "$bucket", "uploads"));
    expect(existsSync(join(there.objects, "others", Key))).toBe(false);
  });

  test.each([
    ["nothing", 0, "EntityTooSmall", "MinSizeAllowed", "1"],
    ["a byte more", 101, "EntityTooLarge", "MaxSizeAllowed", "100"],
    ["megabytes", 3_000_000, "EntityTooLarge", "MaxSizeAllowed", "100"],
  ])("a file of another size: %s", async (_, size, code, bound, value) => {
    const answer = await send(there.url(), await there.form(), "x".repeat(size));

    expect([
      answer.status,
      answer.element("Code"),
      answer.element("ProposedSize"),
      answer.element(bound),
    ]).toEqual([400, code, String(size), value]);
    expect([await there.stored(), there.incoming()]).toEqual([[], []]);
  });

  const raw = async (body: string, type = "multipart/form-data; boundary=b") =>
    answered(await fetch(there.url(), { method: "POST", headers: { "content-type": type }, body }));
  const part = (name: string, value: string, more = "") =>
    `--b\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;

  test.each([
    ["another enclosure", "key=a", "application/x-www-form-urlencoded", 412, "PreconditionFailed"],
    ["no boundary", "", "multipart/form-data", 400, "MalformedPOSTRequest"],
    [
      "a field without a name",
      "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n",
      undefined,
      400,
      "MalformedPOSTRequest",
    ],
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
    const fields = (await there.form({ Fields: {} })).map(([name, value]) => part(name, value)).join("");

    const answer = await raw(`${fields}${part("file", "one")}${part("file", "two")}--b--\r\n`);

    expect([answer.status, answer.element("ArgumentValue"), await there.stored()]).toEqual([400, "2", []]);
    expect(there.incoming()).toEqual([]);
  });

  test("a form that ends within its file", async () => {
    const fields = (await there.form({ Fields: {} })).map(([name, value]) => part(name, value)).join("");

    const answer = await raw(`${fields}${part("file", "only the beg")}`);

    expect([answer.status, answer.element("Code"), await there.stored()]).toEqual([
      400,
      "MalformedPOSTRequest",
      [],
    ]);
    expect(there.incoming()).toEqual([]);
  });

  test("the next request of the connection is answered as ever", async () => {
    await send(there.url(), await there.form({ Expires: -1 }), "x".repeat(500_000));

    const answer = await send(there.url(), await there.form());

    expect(answer.status).toBe(201);
  });
});
