import { AskedQuestion, askedQuestionsPrefix } from "@penstock/contracts";
import { s3ObjectStore } from "@penstock/runtime";
import * as v from "valibot";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Cloud } from "../../packages/local/src/cloud/index.ts";
import { clientsOf } from "../local/clients.ts";
import { refusedQuestions } from "./refused.ts";
import { queriesInAthena, refusal, refusingCloud } from "./refusing-cloud.ts";
import { settings } from "./small-marts.ts";

let cloud: Cloud;

beforeAll(async () => {
  vi.stubEnv("PENSTOCK_MODEL_URL", "");
  cloud = await refusingCloud();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await cloud.close();
});

test("there are at least twenty questions that must not be answered", () => {
  expect(new Set(refusedQuestions.map(([question]) => question)).size).toBeGreaterThanOrEqual(20);
});

test.each(refusedQuestions)("%j is refused: %s", async (question, code, reason) => {
  const refused = await refusal(question);

  expect(refused).toMatchObject({ question, code, sql: null, reason: expect.stringMatching(reason) });
  expect(refused.offline).toBe(code === "not_answerable" ? true : null);
});

test("none of them reached Athena, and each was noted with its reason", async () => {
  const store = s3ObjectStore(clientsOf(cloud.endpoint).s3);
  const noted: AskedQuestion[] = [];
  const today = askedQuestionsPrefix(new Date().toISOString().slice(0, 10));
  for await (const { uri } of store.list(`s3://${settings.copilotBucket}/${today}`))
    noted.push(v.parse(AskedQuestion, await store.getJson(uri)));

  expect(await queriesInAthena(cloud)).toEqual([]);
  const pairs = (all: readonly (readonly unknown[])[]) => all.map((pair) => JSON.stringify(pair)).toSorted();
  expect(pairs(noted.map(({ question, outcome, reason }) => [question, outcome, reason]))).toEqual(
    pairs(
      refusedQuestions.map(([question, code]) => {
        const masked = code === "card_number" ? "What did ************1111 buy?" : question;
        return [masked, "refused", code];
      }),
    ),
  );
});
