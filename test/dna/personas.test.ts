import { documentKey, PersonaAnswer, personaAnswerKey } from "@penstock/contracts";
import { ModelOutputInvalid, ObjectChanged, PersonGone, s3Uri } from "@penstock/runtime";
import * as v from "valibot";
import { expect, test } from "vitest";
import { described, factsIn, repeating } from "./describing-model.ts";
import { USER } from "./dna-fixture.ts";
import { settings } from "./dna-settings.ts";
import { documentOf, itemOf } from "./documents.ts";
import { PERSONAS, personaBuilds } from "./persona-builds.ts";

const bank = documentOf("bank.csv", {
  financial: [
    itemOf("account", "Chase checking account", { occurrences: 3 }),
    itemOf("subscription", "Netflix, paid monthly"),
  ],
  entertainment: [itemOf("viewing", "Netflix, paid monthly")],
});
const card = documentOf(
  "card.json",
  {
    financial: [
      itemOf("subscription", "NETFLIX,  paid monthly", { occurrences: 2, confidence: 0.6 }),
      itemOf("transaction", "Ignore me, I am flagged", { flagged: true }),
      itemOf("transaction", "Perhaps a gym", { confidence: 0.4 }),
    ],
  },
  { arrived_at: "2026-11-21T09:30:00+02:00" },
);
const answerAt = (type: "financial" | "entertainment") => s3Uri(settings.data, personaAnswerKey(USER, type));

test("a persona has its facts by files and occurrences, and its numbers, sources and date from the documents alone", async () => {
  const person = personaBuilds();
  await person.write(bank, card);

  const built = await person.build();

  expect(person.personas().financial).toEqual({
    type: "financial",
    name: "Financial Profile",
    lastUpdated: "2026-11-21T07:30:00.000Z",
    // round(40 * 2/5 + 35 * 2/50 + 25 * 2/4)
    completeness: 30,
    summary: "Netflix, paid monthly. Chase checking account.",
    insights: ["Netflix, paid monthly", "Chase checking account"],
    dataPoints: ["Netflix, paid monthly", "Chase checking account"],
    traits: {
      spendingHabits: null,
      financialServices: [],
      subscriptions: [],
      incomeSources: [],
      topCategories: [],
    },
    sources: ["bank.csv", "card.json"],
  });
  expect(person.personas().entertainment).toMatchObject({
    lastUpdated: "2026-11-20T10:00:00.000Z",
    sources: ["bank.csv"],
  });
  expect(built).toMatchObject({
    documents: 2,
    unreadable: 0,
    types: ["financial", "entertainment"],
    changed: true,
    completeness: { financial: 30, entertainment: 15 },
    failed: [],
  });
});

test("only the types that have new data are asked about, once, and the message names neither files nor the person", async () => {
  const person = personaBuilds();
  await person.write(bank);
  await person.build();
  await person.write(card);

  const again = await person.build();

  expect(again.types).toEqual(["financial"]);
  expect(person.asked.map((request) => factsIn(request).map(({ what }) => what))).toEqual([
    ["Chase checking account", "Netflix, paid monthly"],
    ["Netflix, paid monthly"],
    ["Netflix, paid monthly", "Chase checking account"],
  ]);
  expect(JSON.stringify(person.asked)).not.toMatch(/usr_|bank\.csv|card\.json|flagged|gym/);
  expect(person.asked.every(({ temperature }) => temperature === 0)).toBe(true);
});

test("what an answer says that stands on no fact is left out of the persona", async () => {
  const person = personaBuilds((request) => ({
    ...repeating(request),
    text: described(request, {
      summary:
        "Has a checking account at Chase. Works for Evil Corp. Card 4111 1111 1111 1111. Pays Netflix monthly.",
      insights: [
        { text: "Pays for Netflix every month", facts: [1, 99] },
        { text: "Cites nothing that was shown", facts: [99] },
        { text: "Knows usr_0123456789abcdefghjkmnpqrs", facts: [1] },
        { text: "x".repeat(201), facts: [1] },
      ],
      traits: {
        spendingHabits: "Moderate, and loyal to Hooli",
        financialServices: ["chase", "Chase", "Chas", "Hooli"],
        subscriptions: ["Netflix"],
      },
    }),
  }));
  await person.write(bank);

  await person.build();

  expect(person.personas().financial).toMatchObject({
    summary: "Has a checking account at Chase. Pays Netflix monthly.",
    insights: ["Pays for Netflix every month"],
    traits: { spendingHabits: null, financialServices: ["chase"], subscriptions: ["Netflix"] },
  });
});

test("a summary of which nothing stands is asked for once more, and then the type has failed", async () => {
  const person = personaBuilds((request) => ({
    ...repeating(request),
    text: described(request, { summary: "The person lives in Springfield and knows Hooli." }),
  }));
  await person.write(documentOf("bank.csv", { financial: bank.categories.financial.items.slice(0, 1) }));
  const { plan } = await person.load();

  await expect(person.update(plan, "financial")).rejects.toThrow(ModelOutputInvalid);

  expect(person.asked.length).toBe(2);
  expect(person.asked[1]?.messages.at(-1)?.text).toContain("summary");
  expect(person.memory.objects.has(answerAt("financial"))).toBe(false);
});

test("a type whose call fails keeps its persona, the others go on, and the next build mends it", async () => {
  let works = true;
  const person = personaBuilds((request) =>
    works || !JSON.stringify(request.messages).includes("financial side")
      ? repeating(request)
      : new ModelOutputInvalid("scripted"),
  );
  await person.write(bank);
  await person.build();
  const before = person.personas();
  works = false;
  await person.write(card, documentOf("tv.csv", { entertainment: [itemOf("viewing", "Watched Dark")] }));

  const partial = await person.build();

  expect(partial).toMatchObject({ types: ["financial", "entertainment"], failed: ["financial"] });
  expect(person.personas().financial).toEqual(before.financial);
  expect(person.personas().entertainment?.sources).toEqual(["bank.csv", "tv.csv"]);
  works = true;
  expect(await person.build()).toMatchObject({ types: ["financial"], failed: [] });
  expect(person.personas().financial?.sources).toEqual(["bank.csv", "card.json"]);
});

test("an update that is repeated after its answer was written asks nobody", async () => {
  const person = personaBuilds();
  await person.write(bank);
  const { plan } = await person.load();
  await person.update(plan, "financial");

  const again = await person.update(plan, "financial");

  expect(again).toEqual({ type: "financial", calls: 0, tokens: 0 });
  expect(
    v.parse(PersonaAnswer, JSON.parse(person.memory.objects.get(answerAt("financial")) ?? "")),
  ).toMatchObject({ model: { model: "repeating", offline: true, prompt: "persona@1", calls: 1 } });
});

test("a builder that stalled cannot write over what came after it, and a save that is repeated changes nothing", async () => {
  const person = personaBuilds();
  await person.write(bank);
  const stalled = await person.load();
  for (const type of stalled.types) await person.update(stalled.plan, type);
  await person.write(documentOf("tv.csv", { social: [itemOf("group", "Chess club")] }));
  const later = await person.load();
  for (const type of later.types) await person.update(later.plan, type);
  await person.save(later.plan);
  const bytes = person.bytes();

  await expect(person.save(stalled.plan)).rejects.toThrow(ObjectChanged);

  expect(await person.save(later.plan)).toMatchObject({ changed: false });
  expect(person.bytes()).toBe(bytes);
});

test("an answer to other facts than the plan's is not taken for the plan's", async () => {
  const person = personaBuilds();
  await person.write(bank);
  const stalled = await person.load();
  await person.write(card);
  await person.build();

  await expect(person.save(stalled.plan)).rejects.toThrow(ObjectChanged);

  expect(person.personas().financial?.sources).toEqual(["bank.csv", "card.json"]);
});

test("what lies among the documents and is none of them is counted and left out", async () => {
  const person = personaBuilds();
  const at = (file: string) => s3Uri(settings.data, documentKey(USER, file));
  await person.write(bank);
  await person.store.putJson(at("copy.csv"), bank);
  await person.store.putJson(at("rubbish"), { a: 1 });
  await person.store.putJson(
    at("theirs.csv"),
    documentOf("theirs.csv", {}, { user: "usr_00000000000000000000000001" }),
  );

  expect(await person.build()).toMatchObject({ documents: 1, unreadable: 3 });

  expect(person.personas().financial?.sources).toEqual(["bank.csv"]);
});

test("facts beyond what a question may hold are left out by rank, and the message says how many", async () => {
  const person = personaBuilds();
  const facts = Array.from({ length: 499 }, (_, at) =>
    itemOf("transaction", `Bought at shop ${at} ${"é".repeat(150)}`, { occurrences: 500 - at }),
  );
  await person.write(documentOf("long.csv", { financial: facts }));

  await person.build();

  const shown = factsIn(person.asked[0] ?? { messages: [] });
  expect(shown.length).toBeGreaterThan(50);
  expect(shown.length).toBeLessThan(100);
  expect(shown.map(({ id }) => id)).toEqual(shown.map((_, at) => at + 1));
  expect(person.asked[0]?.messages[0]?.text).toContain(`left out: ${499 - shown.length}`);
  expect(person.personas().financial).toMatchObject({ completeness: 49, dataPoints: { length: 25 } });
});

test("of somebody who is gone nothing is read or written", async () => {
  const person = personaBuilds();
  await person.write(bank);
  const { plan } = await person.load();
  const before = new Map(person.memory.objects);
  person.gone.add(USER);

  await expect(person.load()).rejects.toThrow(PersonGone);
  await expect(person.update(plan, "financial")).rejects.toThrow(PersonGone);
  await expect(person.save(plan)).rejects.toThrow(PersonGone);

  expect(person.asked).toEqual([]);
  expect(person.memory.objects).toEqual(before);
  expect(person.memory.objects.has(PERSONAS)).toBe(false);
});
