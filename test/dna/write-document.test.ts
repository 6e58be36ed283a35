import { answerKey, type ChunkAnswer, DnaDocument, documentKey, type FoundItem } from "@penstock/contracts";
import { isCurrent, storedDocument, writeDocument } from "@penstock/dna";
import { ObjectChanged, type S3Uri, s3Uri } from "@penstock/runtime";
import * as v from "valibot";
import { expect, test } from "vitest";
import { chunkOf, type DnaRun, dnaRun, FILE, USER } from "./dna-fixture.ts";
import { settings } from "./dna-settings.ts";

const reading = { user: USER, reading: "0123456789abcdef" };
const DOCUMENT = s3Uri(settings.data, documentKey(USER, FILE));

const item = (what: string, row: number, more: Partial<FoundItem> = {}): FoundItem => ({
  category: "entertainment",
  kind: "viewing",
  what,
  evidence: { member: null, path: null, row, offset: null },
  confidence: 0.9,
  flagged: false,
  ...more,
});

const answerOf = (chunk: number, items: FoundItem[], unfounded = 0): ChunkAnswer => ({
  contract: 1,
  chunk,
  items,
  unfounded,
  model: {
    model: "scripted",
    offline: false,
    prompt: "categorise@1",
    calls: 1,
    repaired: 0,
    input_tokens: 1000,
    output_tokens: 100,
    cost_usd: 0.00112,
  },
});

const answered = (run: DnaRun, answer: ChunkAnswer) =>
  run.store.putJson(s3Uri(settings.work, answerKey(reading, answer.chunk)), answer);

const write = (run: DnaRun, plan: S3Uri, failed: { chunk: number; error: string }[] = []) =>
  writeDocument({ run_id: "run", user: USER, file: FILE, plan, failed }, run.ports);

const documentIn = async (run: DnaRun) => v.parse(DnaDocument, await run.store.getJson(DOCUMENT));

const silent = () => new Error("nobody is asked");

test("a document has the items of all chunks, those that say the same as one with the first place and the highest confidence", async () => {
  await using run = await dnaRun(silent);
  await run.upload("x");
  const plan = await run.plan([chunkOf(0, ["a"]), chunkOf(1, ["b"])]);
  await answered(
    run,
    answerOf(1, [item("watched  FRIENDS", 1, { confidence: 0.7 }), item("Watched Dark", 5)]),
  );
  await answered(
    run,
    answerOf(0, [item("Watched Friends", 3), item("Paid 123456", 4), item("paid 987654321", 6)]),
  );

  const told = await write(run, plan);

  const document = await documentIn(run);
  expect(document.categories.entertainment).toEqual({
    items: [
      {
        kind: "viewing",
        what: "watched  FRIENDS",
        evidence: { member: null, path: null, row: 1, offset: null },
        confidence: 0.9,
        occurrences: 2,
        flagged: false,
      },
      expect.objectContaining({ what: "Paid 123456", occurrences: 2 }),
      expect.objectContaining({ what: "Watched Dark", occurrences: 1 }),
    ],
    items_left_out: 0,
  });
  expect(document.model).toMatchObject({
    calls: 2,
    input_tokens: 2000,
    output_tokens: 200,
    cost_usd: 0.00224,
  });
  expect(told).toEqual({
    status: "processed",
    reason: null,
    document: DOCUMENT,
    items: { financial: 0, social: 0, professional: 0, entertainment: 3 },
    flags: [],
    chunks: 2,
    failed_chunks: 0,
    left_out: 0,
    tokens: 2200,
    cost_usd: 0.00224,
  });
});

test("what only a flagged record says is an item of its own", async () => {
  await using run = await dnaRun(silent);
  await run.upload("x");
  const plan = await run.plan([chunkOf(0, ["a"])]);
  await answered(run, answerOf(0, [item("Watched Dark", 1, { flagged: true }), item("Watched Dark", 2)]));

  await write(run, plan);

  const { items } = (await documentIn(run)).categories.entertainment;
  expect(items.map(({ flagged, evidence }) => [flagged, evidence.row])).toEqual([
    [true, 1],
    [false, 2],
  ]);
});

test("of a category the 500 items stay that were found most often, the others are counted", async () => {
  await using run = await dnaRun(silent);
  await run.upload("x");
  const plan = await run.plan([chunkOf(0, ["a"])]);
  const many = Array.from({ length: 520 }, (_, at) => item(`Watched number ${at}`, at + 1));
  await answered(run, answerOf(0, [...many, item("Watched number 519", 900)]));

  await write(run, plan);

  const { items, items_left_out } = (await documentIn(run)).categories.entertainment;
  expect(items).toHaveLength(500);
  expect(items_left_out).toBe(20);
  expect(items[0]).toMatchObject({ what: "Watched number 519", occurrences: 2 });
});

test("a failed chunk is reported and the rest is used; one whose answer came too late has not failed", async () => {
  await using run = await dnaRun(silent);
  await run.upload("x");
  const plan = await run.plan([chunkOf(0, ["a"]), chunkOf(1, ["b"]), chunkOf(2, ["c"]), chunkOf(3, ["d"])]);
  await answered(run, answerOf(0, [item("Watched Friends", 3)]));
  await answered(run, answerOf(2, [item("Watched Dark", 3)]));

  const told = await write(run, plan, [
    { chunk: 1, error: "ModelOutputInvalid" },
    { chunk: 2, error: "States.Timeout" },
  ]);

  const document = await documentIn(run);
  expect(told).toMatchObject({
    status: "partial",
    reason: "chunks_failed",
    chunks: 2,
    failed_chunks: 2,
    flags: ["answer_outside_contract"],
  });
  expect(document.chunks.failed).toEqual([
    { chunk: 1, error: "ModelOutputInvalid" },
    { chunk: 3, error: "ObjectMissing" },
  ]);
  expect(document.categories.entertainment.items).toHaveLength(2);
});

test.each([
  ["failed", "chunks_failed", { chunks: 1 }, "failed"],
  ["refused", "binary", { chunks: 0, state: "refused", reason: "binary" }, "refused"],
  ["partial", "budget", { chunks: 1, left_out: 4 }, "partial"],
] as const)("a file that is %s says so, and why: %s", async (status, reason, more, state) => {
  await using run = await dnaRun(silent);
  await run.upload("x");
  const plan = await run.plan([chunkOf(0, ["a"])], more);
  if (status === "partial") await answered(run, answerOf(0, []));

  const told = await write(run, plan);

  expect(told).toMatchObject({ status, reason });
  expect(await documentIn(run)).toMatchObject({ state, reason });
});

test("flags are those of reading, and unfounded items where they are many", async () => {
  await using run = await dnaRun(silent);
  await run.upload("x");
  const instruction = { code: "instruction" as const, evidence: null, count: 2 };
  const plan = await run.plan([chunkOf(0, ["a"]), chunkOf(1, ["a"]), chunkOf(2, ["a"])], {
    flags: [instruction],
  });
  await answered(run, answerOf(0, [item("Watched Friends", 3)], 4));
  await answered(run, answerOf(1, [item("Watched Friends", 3)], 2));
  await answered(
    run,
    answerOf(
      2,
      Array.from({ length: 20 }, (_, at) => item(`Watched ${at}`, 3)),
      5,
    ),
  );

  await write(run, plan);

  expect((await documentIn(run)).flags).toEqual([
    instruction,
    { code: "unfounded_items", evidence: null, count: 4 },
  ]);
});

test("nothing is written of a version of the file that is no longer there", async () => {
  await using run = await dnaRun(silent);
  await run.upload("first");
  const plan = await run.plan([chunkOf(0, ["a"])]);
  await run.upload("second");

  await expect(write(run, plan)).rejects.toMatchObject({ name: "ObjectChanged" });
  expect(await run.store.head(DOCUMENT)).toBeUndefined();
});

test("nothing is written over a document that came since the last look", async () => {
  await using run = await dnaRun(silent);
  await run.upload("x");
  const plan = await run.plan([chunkOf(0, ["a"])]);
  const { store } = run.ports;
  const late: typeof store = {
    ...store,
    async putJson(uri, value, options) {
      if (uri === DOCUMENT) await store.putJson(uri, { another: "document" });
      return store.putJson(uri, value, options);
    },
  };

  const refused = writeDocument(
    { run_id: "run", user: USER, file: FILE, plan, failed: [] },
    { ...run.ports, store: late },
  );

  await expect(refused).rejects.toBeInstanceOf(ObjectChanged);
  expect(await store.getJson(DOCUMENT)).toEqual({ another: "document" });
});

test("written again, the same document is not written, and what is no document is replaced", async () => {
  await using run = await dnaRun(silent);
  await run.upload("x");
  const plan = await run.plan([chunkOf(0, ["a"])]);
  await answered(run, answerOf(0, [item("Watched Friends", 3)]));
  await run.store.putJson(DOCUMENT, { rubbish: true });
  const first = await write(run, plan);
  const puts: S3Uri[] = [];
  const { store } = run.ports;
  const counting: typeof store = {
    ...store,
    async putJson(uri, ...rest) {
      puts.push(uri);
      return store.putJson(uri, ...rest);
    },
  };

  const again = await writeDocument(
    { run_id: "other run", user: USER, file: FILE, plan, failed: [] },
    { ...run.ports, store: counting },
  );

  expect(again).toEqual(first);
  expect(puts).toEqual([]);
});

test("a run that may pay for less does not write over what one by hand found of the same reading", async () => {
  await using run = await dnaRun(silent);
  await run.upload("x");
  await answered(run, answerOf(0, [item("Watched Friends", 3)]));
  await answered(run, answerOf(1, [item("Watched Dark", 3)]));
  await write(run, await run.plan([chunkOf(0, ["a"]), chunkOf(1, ["b"])]));

  const told = await write(run, await run.plan([chunkOf(0, ["a"])], { left_out: 1 }));

  expect(told).toMatchObject({ status: "processed", chunks: 2, left_out: 0 });
  expect((await documentIn(run)).categories.entertainment.items).toHaveLength(2);
});

test("a document is current if it is of the reading, nothing failed, and a run by hand would find no more", async () => {
  await using run = await dnaRun(silent);
  await run.upload("x");
  await answered(run, answerOf(0, []));
  await write(run, await run.plan([chunkOf(0, ["a"])], { left_out: 1 }));

  const { document } = await storedDocument(run.store, settings, { user: USER, file: FILE });

  const current = (reading: string, byHand: boolean) => isCurrent(document, { reading, byHand });
  expect(current("0123456789abcdef", false)).toBe(true);
  expect(current("0123456789abcdef", true)).toBe(false);
  expect(current("ffffffffffffffff", false)).toBe(false);
  expect(isCurrent(undefined, { reading: "0123456789abcdef", byHand: false })).toBe(false);
});

test("nothing is written of a person who is gone", async () => {
  await using run = await dnaRun(silent);
  await run.upload("x");
  const plan = await run.plan([chunkOf(0, ["a"])]);
  run.gone.add(USER);

  await expect(write(run, plan)).rejects.toMatchObject({ name: "PersonGone" });
  expect(await run.store.head(DOCUMENT)).toBeUndefined();
});
