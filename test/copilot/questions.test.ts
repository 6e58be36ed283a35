import { CopilotAnswer } from "@penstock/contracts";
import { askCopilot } from "@penstock/copilot";
import * as v from "valibot";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { clientsOf } from "../local/clients.ts";
import * as graph from "../local/small-graph.ts";
import { trinoFaults } from "../runtime/trino-grammar.ts";
import { inFunction, ports } from "./asking.ts";
import { cases } from "./questions.ts";
import { before, crawl, current, makeCurrent, resources, SmallMarts } from "./small-marts.ts";

let cloud: Cloud;
let small: SmallMarts;

beforeAll(async () => {
  vi.stubEnv("PENSTOCK_MODEL_URL", "");
  cloud = await bootCloud(resources(), { root: graph.root });
  inFunction(cloud.endpoint);
  const clients = clientsOf(cloud.endpoint);
  small = await SmallMarts.make();
  await small.put(clients, before, 4);
  await small.put(clients, current, 0);
  await crawl(clients);
  await makeCurrent(clients, current);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  small.close();
  await cloud.close();
});

/** Numbers with the digits that sums of doubles in another order keep; texts as they are. */
function plain(value: unknown): unknown {
  const number =
    typeof value === "number" || /^-?\d+(\.\d+)?$/.test(String(value)) ? Number(value) : undefined;
  return number === undefined ? value : Number(number.toPrecision(12));
}

function comparable(rows: readonly (readonly unknown[])[], ordered: boolean): string[] {
  const texts = rows.map((row) => JSON.stringify(row.map(plain)));
  return ordered ? texts : texts.toSorted();
}

test("there are forty questions, each asked once", () => {
  expect(new Set(cases.map(({ question }) => question)).size).toBe(40);
});

test.concurrent.each(cases)("$question", async ({ question, sql, ordered = false }) => {
  const reference = await small.rows(sql);

  const asked = await askCopilot(question, ports());

  if (asked.outcome === "refused") throw new Error(`refused: ${JSON.stringify(asked.refusal)}`);
  const { answer } = asked;
  expect(v.is(CopilotAnswer, answer)).toBe(true);
  expect(trinoFaults(answer.sql)).toEqual([]);
  expect(comparable(answer.rows, ordered), answer.sql).toEqual(comparable(reference, ordered));
  expect(reference.length, "a question that finds something").toBeGreaterThan(0);
  expect(answer).toMatchObject({ question, build: current, offline: true, model: "penstock-offline-rules" });
  expect(answer.scanned_bytes).toBeGreaterThan(0);
});
