import { dnaCategories, Personas } from "@penstock/contracts";
import * as v from "valibot";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  connections,
  friends,
  playtime,
  statement,
  streamingHistory,
  viewingActivity,
  watchHistory,
} from "../../packages/local/src/exports/contents.ts";
import { draws } from "../../packages/local/src/sample/random.ts";
import { offlineRun } from "../dna/offline-run.ts";
import { openDna } from "./dna-cloud.ts";

const kinds = [statement, viewingActivity, streamingHistory, friends, connections, playtime, watchHistory];

/** Fifty small exports of one person, of seven kinds that tell much of the same. */
const exports = Array.from({ length: 50 }, (_, n): [file: string, content: string] => {
  const kind = kinds[n % kinds.length] ?? statement;
  return [`${String(n).padStart(2, "0")} ${kind.name}`, kind(draws(6, "at once", n), 2 + (n % 5))];
});

let dna: Awaited<ReturnType<typeof openDna>>;
let user: string;
/** How executions ended before anybody took them up again. */
let ended: (string | undefined)[];

beforeAll(async () => {
  dna = await openDna();
  user = await dna.person();
  const stopped = dna.stopAt("Load");
  const crashed = dna.crashAt("Merge");
  const events = exports.map(([file]) => ({ detail: { object: { key: `${user}/stage1/${file}` } } }));
  const [killed] = await Promise.all([
    crashed,
    stopped,
    ...exports.map(([file, content]) => dna.put(`${user}/stage1/${file}`, content)),
    // Each event a second time, in another order.
    ...draws(6, "again")
      .shuffled(events)
      .map((event) => dna.begin(event)),
  ]);
  expect(killed).toBeGreaterThan(0);
  await dna.settled();
  ended = (await dna.executions()).map(({ status }) => status);
  // As operations do: what failed goes on where it was, what is partial is done again by hand.
  await dna.redriveFailed();
  await dna.settled();
  const outcomes = await dna.outcomes(user);
  for (const { file, status } of outcomes) if (status !== "processed") await dna.start({ user, file });
  await dna.settled();
}, 400_000);
afterAll(() => dna?.cloud.close());

it("fifty exports at once, each told of twice, crashes in between: every one is read", async () => {
  const outcomes = await dna.outcomes(user);

  expect(ended).toContain("ABORTED");
  expect(ended.length).toBeGreaterThanOrEqual(150);
  expect((await dna.executions()).filter(({ status }) => status !== "SUCCEEDED")).toEqual([]);
  expect(outcomes.map(({ file, status }) => [file, status])).toEqual(
    exports.map(([file]) => [file, "processed"]),
  );
});

it("the personas are those that one export after another makes", async () => {
  await using run = await offlineRun();
  let oneAfterAnother: Personas = {};
  for (const [file, content] of exports) {
    await run.process(file, Buffer.from(content));
    oneAfterAnother = await run.personas();
  }

  const atOnce = v.parse(Personas, JSON.parse(await dna.read(`${user}/stage3/personas.json`)));

  expect(Object.keys(atOnce).sort()).toEqual([...dnaCategories].sort());
  expect(untimed(atOnce)).toEqual(untimed(oneAfterAnother));
});

it("nobody is left with the lease, and whoever asks again finds nothing to do", async () => {
  const before = await dna.read(`${user}/stage3/personas.json`);

  const { output } = await dna.start({ user });

  expect(output).toMatchObject({ status: "SUCCEEDED", builds: 1, model_calls: 0, documents: 50 });
  expect(await dna.read(`${user}/stage3/personas.json`)).toBe(before);
});

/** Without when the exports were uploaded. */
function untimed(personas: Personas) {
  return dnaCategories.map((type) => ({ ...personas[type], lastUpdated: undefined }));
}
