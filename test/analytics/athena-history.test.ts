import { once } from "node:events";
import { createServer } from "node:http";
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

test("a page with executions that are not known any more is no end of the history", async () => {
  const begun = Date.parse("2026-11-20T10:00:00Z");
  const known = (id: string, minutes: number) => ({
    QueryExecutionId: id,
    Query: `SELECT ${minutes}`,
    Status: { State: "SUCCEEDED", SubmissionDateTime: begun / 1000 + minutes * 60 },
    Statistics: { EngineExecutionTimeInMillis: 1500, QueryQueueTimeInMillis: 60_000, DataScannedInBytes: 7 },
  });
  const pages = [
    [{ QueryExecutionId: "a" }, known("b", 5)],
    [known("d", 1), known("c", 3)],
    [known("e", -1)],
    [known("never asked for", -2)],
  ];
  let asked = 0;
  const server = createServer((request, response) => {
    const isList = String(request.headers["x-amz-target"]).endsWith("ListQueryExecutions");
    const page = pages[isList ? asked++ : asked - 1] ?? [];
    const ids = page.map(({ QueryExecutionId }) => QueryExecutionId);
    const answer = isList ? { QueryExecutionIds: ids, NextToken: "more" } : { QueryExecutions: page };
    response.setHeader("content-type", "application/x-amz-json-1.1").end(JSON.stringify(answer));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const client = clientsOf(`http://127.0.0.1:${port}`).athena;

  const found = await athenaHistory(client, "analytics").latest(new Date(begun), 10);
  client.destroy();
  server.close();

  expect(found.map(({ sql }) => sql)).toEqual(["SELECT 5", "SELECT 3", "SELECT 1"]);
  // The minute in the queue is no time of the engine.
  expect(new Set(found.map(({ seconds }) => seconds))).toEqual(new Set([1.5]));
  expect(asked).toBe(3);
});
