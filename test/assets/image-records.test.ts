import { randomUUID } from "node:crypto";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { DrawnPicture, ImageRecords } from "../../packages/assets/src/images/claim.ts";
import { dynamoImages, requestImage } from "../../packages/assets/src/images/index.ts";
import { imageErrors, type PendingImage } from "../../packages/contracts/src/index.ts";
import { tablesWith } from "./assets-tables.ts";
import { asked } from "./drawing.ts";
import { MemoryImages } from "./memory-images.ts";

let tables: Awaited<ReturnType<typeof tablesWith>>;
let records: ImageRecords;
beforeAll(async () => {
  tables = await tablesWith({ images: "request_id" });
  records = dynamoImages(tables.client, "images");
});
afterAll(() => tables.close());

const picture: DrawnPicture = {
  s3_key: "generated/ana/k.png",
  s3_url: "https://pictures.example/generated/ana/k.png",
  generated_at: "2026-01-31T00:00:01.000Z",
  width: 64,
  height: 48,
  bytes: 120,
  model: "m",
  offline: false,
};

type Write = (to: ImageRecords, id: string) => Promise<boolean>;
const claim = fc.record({ id: fc.constantFrom("a", "b"), now: fc.integer({ min: 0, max: 3 }) });
const write: fc.Arbitrary<Write> = fc.oneof(
  fc.tuple(claim, fc.integer({ min: 0, max: 3 })).map(
    ([by, until]): Write =>
      (to, id) =>
        to.claim(id, by, until),
  ),
  claim.map(
    (by): Write =>
      (to, id) =>
        to.asking(id, by),
  ),
  claim.map(
    (by): Write =>
      (to, id) =>
        to.notPaid(id, by),
  ),
  claim.map(
    (by): Write =>
      (to, id) =>
        to.complete(id, by, picture),
  ),
  fc.tuple(claim, fc.constantFrom(...imageErrors)).map(
    ([by, error]): Write =>
      (to, id) =>
        to.fail(id, by, error),
  ),
);

it("the table's conditions are those that the paid-once property holds for: any writes do the same to both", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(write, { maxLength: 8 }), async (writes) => {
      const id = randomUUID();
      const memory = new MemoryImages();
      const both: [boolean, boolean][] = [];
      const record = { ...asked, request_id: id };
      both.push([await records.create(record), await memory.create(record)]);

      for (const each of writes) both.push([await each(records, id), await each(memory, id)]);

      expect(both.map(([held]) => held)).toEqual(both.map(([, held]) => held));
      expect(await records.find(id)).toEqual(await memory.find(id));
    }),
    { numRuns: 60 },
  );
});

it("a record is put where there is none of its id, and never over another", async () => {
  const record = { ...asked, request_id: randomUUID() };

  const puts = await Promise.all([records.create(record), records.create({ ...record, prompt: "other" })]);

  expect(puts.toSorted()).toEqual([false, true]);
});

it("a request whose record was written by a try that nobody heard of goes on, and one for somebody else's id does not", async () => {
  const id = randomUUID();
  const sent: string[] = [];
  const ports = {
    records: { ...records, create: async (record: PendingImage) => (await records.create(record)) && false },
    send: async (message: { request_id: string }) => void sent.push(message.request_id),
    recordDays: 30,
    newId: () => id,
    now: () => new Date("2026-01-31T00:00:00Z"),
  };
  const wanted = { prompt: "A cup", style: "photographic", aspect_ratio: "1:1" } as const;
  const ask = (subject: string) => requestImage(ports, { subject, person: true }, wanted);

  const record = await ask("ana");

  expect([record.user_id, sent]).toEqual(["ana", [id]]);
  await expect(ask("bob")).rejects.toMatchObject({ name: "Unexpected" });
  expect(sent).toHaveLength(1);
});

it("of two who claim at once one gets it", async () => {
  const id = randomUUID();
  await records.create({ ...asked, request_id: id });

  const claims = await Promise.all(["a", "b"].map((by) => records.claim(id, { id: by, now: 1 }, 60)));

  expect(claims.toSorted()).toEqual([false, true]);
});

it("nothing of the id is nobody's, and what is no record is told without its content", async () => {
  const id = randomUUID();
  expect(await records.find(id)).toBeUndefined();
  expect(await records.claim(id, { id: "a", now: 1 }, 2)).toBe(false);

  await tables.client.send(
    new PutItemCommand({ TableName: "images", Item: { request_id: { S: id }, prompt: { S: "secret" } } }),
  );

  const error = await records.find(id).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: "ContractViolation" });
  expect(String(error)).not.toContain("secret");
});
