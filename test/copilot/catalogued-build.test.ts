import { askCopilot } from "@penstock/copilot";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { clientsOf } from "../local/clients.ts";
import * as graph from "../local/small-graph.ts";
import { inFunction, ports } from "./asking.ts";
import { before, crawl, current, makeCurrent, resources, SmallMarts } from "./small-marts.ts";

const question = "How many orders are there?";

let cloud: Cloud;
let small: SmallMarts;
/** What the question has for an answer over the earlier build. */
let counted: unknown[][];

beforeAll(async () => {
  cloud = await bootCloud(resources(), { root: graph.root });
  const clients = clientsOf(cloud.endpoint);
  small = await SmallMarts.make();
  await small.put(clients, before, 4);
  counted = await small.rows("SELECT count(*)::INTEGER FROM orders WHERE counts");
  await crawl(clients);
  // Of the later one the catalogue knows nothing yet.
  await small.put(clients, current, 0);
});
beforeEach(() => {
  vi.stubEnv("PENSTOCK_MODEL_URL", "");
  inFunction(cloud.endpoint);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  small.close();
  await cloud.close();
});

test("a build that is current and not in the catalogue yet is not asked: the one before it answers", async () => {
  await makeCurrent(clientsOf(cloud.endpoint), current, before);

  const asked = await askCopilot(question, ports());

  if (asked.outcome === "refused") throw new Error(`refused: ${JSON.stringify(asked.refusal)}`);
  expect(asked.answer).toMatchObject({ build: before });
  expect(asked.answer.rows.map((row) => row.map(Number))).toEqual(counted);
});

test("before the catalogue has any build there is none to ask, though one is current", async () => {
  await makeCurrent(clientsOf(cloud.endpoint), current, null);

  await expect(askCopilot(question, ports())).rejects.toMatchObject({ name: "CopilotNotReady" });
});
