import { expect, test } from "vitest";
import { type Answers, execute } from "./execute.ts";
import { machines } from "./machines.ts";
import { answers, branches, conditionFailed, crawler, inEach, reconciled } from "./prod-answers.ts";

/** Step Functions fails an execution whose history would have more events. */
const MOST_EVENTS = 25_000;

test("an execution whose every wait takes all its tries stays within the history that Step Functions keeps", async () => {
  const again = <Answer>(times: number, answer: Answer, last: Answer) =>
    Array.from({ length: 4 }, () => [...Array.from({ length: times }, () => answer), last]).flat();

  const { outcome, states, history } = await execute(
    "curated-to-prod",
    machines["curated-to-prod"],
    {},
    {
      ...answers,
      Reconcile: [reconciled("COALESCED")],
      ...inEach("Crawl", again<Answers[string][number]>(39, "Glue.CrawlerRunningException", {})),
      ...inEach(
        "LookAtCrawl",
        again<Answers[string][number]>(39, crawler("RUNNING"), crawler("READY", "SUCCEEDED")),
      ),
      ReturnLease: [conditionFailed],
    },
  );

  expect(outcome).toMatchObject({ status: "SUCCEEDED", output: { status: "SUCCEEDED", builds: 4 } });
  expect(states).toContain("GoOn");
  expect(states.filter((state) => state.startsWith("Published"))).toHaveLength(4 * branches.length);
  expect(history.length).toBeGreaterThan(20_000);
  expect(history.length).toBeLessThan(MOST_EVENTS);
});
