import { PutItemCommand, ScanCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { InvalidInput, PersonGone } from "@penstock/runtime";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UserId } from "../../packages/contracts/src/index.ts";
import {
  dynamoPeople,
  emailHash,
  newUserId,
  type People,
  requireActive,
} from "../../packages/dna/src/people/index.ts";
import { peopleTables } from "./people-tables.ts";

let at: Awaited<ReturnType<typeof peopleTables>>;
let people: People;
beforeAll(async () => {
  at = await peopleTables();
  people = dynamoPeople(at.client, at.tables, () => Date.UTC(2026, 10, 21));
});
afterAll(() => at.close());

const zero = { N: "0" };

/** As the state machine writes what became of a file. */
const outcome = (user: string, file: string) =>
  at.client.send(
    new PutItemCommand({
      TableName: "files",
      Item: {
        user: { S: user },
        file: { S: file },
        status: { S: "partial" },
        reason: { NULL: true },
        etag: { S: "e" },
        bytes: { N: "12" },
        seen: { S: "2026-11-21T00:00:00Z" },
        run_id: { S: "r" },
        flagged: { BOOL: true },
        flags: { L: [{ S: "instruction" }] },
        items: { M: { financial: { N: "3" }, social: zero, professional: zero, entertainment: zero } },
        chunks: { N: "1" },
        failed_chunks: zero,
        left_out: zero,
        tokens: { N: "900" },
      },
    }),
  );

/** As the state machine marks somebody. */
const mark = (user: string) =>
  at.client.send(
    new UpdateItemCommand({
      TableName: "people",
      Key: { id: { S: `user#${user}` } },
      UpdateExpression: "SET #status = :erased",
      ExpressionAttributeNames: { "#status": "status" },
      ExpressionAttributeValues: { ":erased": { S: "erased" } },
    }),
  );

const everything = async () =>
  JSON.stringify((await at.client.send(new ScanCommand({ TableName: "people" }))).Items);

describe("an address", () => {
  test("is hashed alike however it is written, and otherwise under another key", () => {
    const hash = emailHash("k", "Ada@Example.org");

    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(emailHash("k", "  ada@example.ORG ")).toBe(hash);
    expect(emailHash("k", "ａda@example.org")).toBe(hash);
    expect(emailHash("other", "ada@example.org")).not.toBe(hash);
  });

  test("stands for one id from the first time on, and is itself in no table", async () => {
    const hash = emailHash("k", "grace@example.org");

    const first = await people.register(hash);
    const second = await people.register(hash);

    expect([first.created, second]).toEqual([true, { user: first.user, created: false }]);
    expect(v.is(UserId, first.user)).toBe(true);
    expect(await everything()).not.toContain("grace");
  });

  test("that many register at once stands for one id, and leaves no other one behind", async () => {
    const hash = emailHash("k", "crowd@example.org");

    const all = await Promise.all(Array.from({ length: 4 }, () => people.register(hash)));

    expect(new Set(all.map(({ user }) => user)).size).toBe(1);
    expect(all.filter(({ created }) => created)).toHaveLength(1);
    expect((await everything()).split(hash)).toHaveLength(1 + 2);
  });
});

test("ids are of 128 random bits", () => {
  expect(newUserId(() => new Uint8Array(16))).toBe(`usr_${"0".repeat(26)}`);
  expect(newUserId(() => new Uint8Array(16).fill(255))).toBe(`usr_7${"z".repeat(25)}`);
  expect(v.is(UserId, newUserId())).toBe(true);
});

describe("somebody", () => {
  test("is active from the registration on, and gone once they are marked as erased", async () => {
    const { user } = await people.register(emailHash("k", "mark@example.org"));
    const active = requireActive(people);

    await expect(active(user)).resolves.toBeUndefined();
    await mark(user);

    await expect(active(user)).rejects.toBeInstanceOf(PersonGone);
    await expect(active(newUserId())).rejects.toBeInstanceOf(PersonGone);
  });

  test("has outcomes in pages, in order of the files' names", async () => {
    const { user } = await people.register(emailHash("k", "pages@example.org"));
    for (const file of ["b.csv", "a.csv", "c/d.json"]) await outcome(user, file);
    await outcome(newUserId(), "another's.csv");

    const first = await people.outcomes(user, { limit: 2, after: undefined });
    const second = await people.outcomes(user, { limit: 2, after: first.last });

    expect(first.files.map(({ file }) => file)).toEqual(["a.csv", "b.csv"]);
    expect(first.files[0]).toMatchObject({ reason: null, flags: ["instruction"], items: { financial: 3 } });
    expect([second.files.map(({ file }) => file), second.last]).toEqual([["c/d.json"], undefined]);
  });

  test("who was erased is forgotten but for the mark, once and for all", async () => {
    const hash = emailHash("k", "leaves@example.org");
    const { user } = await people.register(hash);
    for (const file of ["a.csv", "b.csv"]) await outcome(user, file);
    await expect(people.forget(user)).rejects.toBeInstanceOf(InvalidInput);
    await mark(user);

    const removed = await people.forget(user);

    expect(removed).toBe(3);
    expect((await people.outcomes(user, { limit: 9, after: undefined })).files).toEqual([]);
    expect(await everything()).not.toContain(hash);
    expect(await people.status(user)).toBe("erased");
    expect(await people.forget(user)).toBe(0);
  });

  test("who comes again while they are erased is somebody new, whom the erasing leaves alone", async () => {
    const hash = emailHash("k", "returns@example.org");
    const { user } = await people.register(hash);
    await mark(user);

    const again = await people.register(hash);
    await people.forget(user);

    expect(again.created).toBe(true);
    expect(again.user).not.toBe(user);
    expect(await people.register(hash)).toEqual({ user: again.user, created: false });
  });
});
