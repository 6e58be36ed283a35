import { expect, test } from "vitest";
import { bootCloud } from "../../packages/local/src/cloud/index.ts";
import { apiTo } from "./api-parts.ts";
import * as graph from "./small-graph.ts";

test("requests that wait for other functions do not hold the turns that those need", async () => {
  const waiting = graph.lambda("waiting", "", { handler: "test/local/functions/waiting.waiting" });
  const functions = [waiting, graph.lambda("other", "sleep")];
  const cloud = await bootCloud(graph.graphOf(apiTo("waiting", "GET /wait"), functions), {
    root: graph.root,
    functionsAtOnce: 1,
  });

  const answers = await Promise.all(
    [1, 2, 3].map(async () => (await fetch(`${cloud.httpApis.apis.api}/wait`)).text()),
  );

  const slept = expect.stringContaining('"slept":50');
  expect(answers).toEqual([slept, slept, slept]);
  await cloud.close();
});

test("as many functions run at the same time as somebody says", async () => {
  const cloud = await bootCloud(graph.graphOf([graph.bucket("meeting")], [graph.lambda("meet", "meet")]), {
    root: graph.root,
    functionsAtOnce: 3,
  });

  // Each waits until all three are there: with fewer at once none would come to an end.
  const outcomes = await Promise.all(
    ["a", "b", "c"].map((key) =>
      cloud.functions.invoke("meet", JSON.stringify({ bucket: "meeting", key, guests: 3 })),
    ),
  );

  expect(outcomes.map(({ outcome }) => outcome)).toEqual(["succeeded", "succeeded", "succeeded"]);
  await cloud.close();
});
