import { afterAll, beforeAll, expect, test } from "vitest";
import { athenaHistory } from "../../packages/analytics/src/tasks/athena-history.ts";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { query } from "../local/athena-queries.ts";
import { clientsOf } from "../local/clients.ts";
import * as graph from "../local/small-graph.ts";

let cloud: Cloud;
let athena: ReturnType<typeof clientsOf>["athena"];

beforeAll(async () => {
  const workgroup = graph.resource("aws:athena/workgroup:Workgroup", "analytics", {
    name: "analytics",
    configuration: { resultConfiguration: { outputLocation: "s3://results/" } },
  });
  cloud = await bootCloud(graph.graphOf([graph.bucket("results"), workgroup]), { root: graph.root });
  athena = clientsOf(cloud.endpoint).athena;
});
afterAll(() => cloud.close());

test("Athena's history of a workgroup is read with the SDK's client, the latest first and no older than asked for", async () => {
  const begun = new Date(Date.now() - 1000);
  await query(athena, "SELECT 1 AS n", { WorkGroup: "analytics" });
  await query(athena, "SELECT nothing", { WorkGroup: "analytics" });
  const history = athenaHistory(athena, "analytics");

  const all = await history.latest(begun, 10);
  const one = await history.latest(begun, 1);
  const none = await history.latest(new Date(Date.now() + 60_000), 10);

  expect(all.map(({ sql, state }) => [sql, state])).toEqual([
    ["SELECT nothing", "FAILED"],
    ["SELECT 1 AS n", "SUCCEEDED"],
  ]);
  expect(all.every(({ seconds }) => seconds !== null && seconds >= 0)).toBe(true);
  expect(one.map(({ sql }) => sql)).toEqual(["SELECT nothing"]);
  expect(none).toEqual([]);
});

test("a workgroup that is not there is an error with its name", async () => {
  const gone = athenaHistory(athena, "gone").latest(new Date(), 10);
  await expect(gone).rejects.toThrow(/the history of the workgroup gone/);
});
