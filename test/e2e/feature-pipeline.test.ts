import { featureTables } from "@penstock/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Features, openFeatures } from "./feature-cloud.ts";
import { catalogueOf, interactionsOf, lonelyOf, rawInteractions } from "./interactions.ts";
import { settled } from "./prod-cloud.ts";

const [first, second, third, fourth, empty] = [10, 11, 12, 13, 20].map((day) => `2025-03-${day}`) as [
  string,
  string,
  string,
  string,
  string,
];
const after = (day: string) => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
/** As the schedules start it, on the morning after. */
const daily = (day: string) => ({ mode: "daily", scheduled_at: `${after(day)}T05:00:00Z` });
const weekly = (day: string) => ({ mode: "weekly", scheduled_at: `${after(day)}T07:00:00Z` });
const SESSIONS = 40;
const interactionColumns = featureTables.interaction.columns.map(({ name }) => `"${name}"`).join(", ");

let features: Features;
const notices: { readonly topicArn: string; readonly text: string }[] = [];
type Ended = Awaited<ReturnType<Features["run"]>>;

beforeAll(async () => {
  features = await openFeatures();
  features.cloud.on("notice", (notice) =>
    notices.push({ topicArn: notice.topicArn, text: JSON.stringify(notice) }),
  );
  for (const object of catalogueOf("2025-03-01")) await features.put(object);
}, 60_000);
afterAll(() => features.cloud.close());

const told = (topic: string, what: RegExp) =>
  notices.filter(({ topicArn, text }) => topicArn.endsWith(topic) && what.test(text));

describe("two days, each in turn, with an event that came late, and then all of it for training", () => {
  let ofFirst: Ended;
  let ofSecond: Ended;
  let ofAll: Ended;
  beforeAll(async () => {
    await features.put(rawInteractions(first, interactionsOf(first, SESSIONS)));
    ofFirst = await features.run(daily(first));
    await features.put(rawInteractions(second, interactionsOf(second, SESSIONS)));
    const [late] = interactionsOf(first, 1);
    if (late === undefined) throw new Error("there is no interaction");
    await features.put(rawInteractions(first, [{ ...late, interaction_id: "late" }], "late"));
    ofSecond = await features.run(daily(second));
    ofAll = await features.run(weekly(second));
  }, 400_000);

  it("become features, of which the last run's are current", async () => {
    const outcomes = [ofFirst, ofSecond, ofAll].map(({ status, output }) => [status, output.run_id]);

    expect(outcomes).toEqual([
      ["SUCCEEDED", `daily-${first}`],
      ["SUCCEEDED", `daily-${second}`],
      ["SUCCEEDED", `weekly-${second}`],
    ]);
    expect(await features.current()).toMatchObject({
      attempt: ofAll.output.attempt,
      as_of: `${third}T00:00:00Z`,
      generation: 3,
    });
  });

  it("have the late event in the next day's run, which did its day again", async () => {
    const { snapshot, interactions } = await features.json(ofSecond.output.manifest);

    expect(snapshot.days[first].attempt).toBe(ofSecond.output.attempt);
    expect(interactions.days[first]).toMatchObject({ attempt: ofSecond.output.attempt, behind: false });
    const rows = await features.ask(
      `SELECT attempt, count(*) FROM interaction_features
       WHERE CAST(occurred_at AS DATE) = DATE '${first}' GROUP BY attempt`,
    );
    const byAttempt = Object.fromEntries(rows);
    expect(Number(byAttempt[ofSecond.output.attempt])).toBe(ofFirst.output.rows.interaction + 1);
    expect(ofSecond.output.rows.interaction).toBeGreaterThan(ofFirst.output.rows.interaction + 1);
  });

  it("have the same interactions' features whether days come one by one or all at once", async () => {
    const of = ({ output }: Ended) =>
      `SELECT ${interactionColumns} FROM interaction_features WHERE attempt = '${output.attempt}'`;

    const [counts] = await features.ask(
      `SELECT (SELECT count(*) FROM (${of(ofAll)})), (SELECT count(*) FROM (${of(ofAll)} EXCEPT ${of(ofSecond)})),
        (SELECT count(*) FROM (${of(ofSecond)} EXCEPT ${of(ofAll)}))`,
    );

    expect(counts).toEqual([String(ofAll.output.rows.interaction), "0", "0"]);
    expect(ofAll.output.rows.interaction).toBeGreaterThan(300);
  });

  it("are online as they are in the files", async () => {
    const [row = []] = await features.ask(
      `SELECT user_id, total_interactions, favorite_category FROM user_features
       WHERE attempt = '${ofAll.output.attempt}' ORDER BY user_id LIMIT 1`,
    );

    const item = await features.online("userFeatures", row[0] ?? "");

    expect(item).toMatchObject({
      as_of: { S: `${third}T00:00:00Z` },
      run: { S: ofAll.output.attempt },
    });
    expect(JSON.parse(item?.features?.S ?? "")).toMatchObject({
      total_interactions: Number(row[1]),
      favorite_category: row[2],
    });
    expect(Number(item?.expires_at?.N)).toBeGreaterThan(Date.now() / 1000);
  });

  it("are split by time, every interaction once", async () => {
    const record = await features.record(ofAll.executionArn);
    const { splits } = await features.json(
      `${ofAll.output.manifest.split("/_manifests/")[0]}/training/${ofAll.output.attempt}/manifest.json`,
    );

    const moments = await features.ask(
      `SELECT occurred_at FROM interaction_features WHERE attempt = '${ofAll.output.attempt}' ORDER BY occurred_at`,
    );
    const rows = moments.flat();
    // The row that the share ends with, and all of the same moment.
    const upTo = (tenths: number) => {
      const last = rows[Math.floor((rows.length * tenths) / 10) - 1] ?? "";
      return rows.filter((moment) => moment <= last).length;
    };
    const { train, validation, test } = splits;
    expect(rows.length).toBe(ofAll.output.rows.interaction);
    expect([train.rows, validation.rows, test.rows]).toEqual([
      upTo(7),
      upTo(8) - upTo(7),
      rows.length - upTo(8),
    ]);
    expect(record).toMatchObject({ status: { S: "SUCCEEDED" }, manifest: { S: ofAll.output.manifest } });
  });
});

describe("the same day again, by two executions at once", () => {
  let before: readonly (string | undefined)[];
  let runs: readonly Ended[];
  const prefix = (attempt: string) => `features/v1/user/date=${second}/attempt=${attempt}/`;
  beforeAll(async () => {
    const { output } = await features.run(daily(second));
    before = await features.etags(prefix(output.attempt));
    const [one, other] = [await features.start(daily(second)), await features.start(daily(second))];
    runs = await Promise.all([features.ended(one), features.ended(other)]);
  }, 400_000);

  it("is done by one of them", () => {
    expect(runs.map(({ output }) => output.status).toSorted()).toEqual(["COALESCED", "SUCCEEDED"]);
  });

  it("gives files of the same bytes", async () => {
    const done = runs.find(({ output }) => output.status === "SUCCEEDED");

    expect(before.length).toBeGreaterThan(0);
    expect(await features.etags(prefix(done?.output.attempt ?? ""))).toEqual(before);
  });
});

describe("a run that is stopped before anything is published", () => {
  let before: Awaited<ReturnType<Features["current"]>>;
  let onlineBefore: Awaited<ReturnType<Features["online"]>>;
  let stopped: Ended;
  beforeAll(async () => {
    before = await features.current();
    onlineBefore = await features.online("itemFeatures", "p1");
    await features.put(rawInteractions(third, interactionsOf(third, SESSIONS)));
    stopped = await features.stopAt("ProfileFeatures", daily(third));
    await settled(features.cloud);
  }, 400_000);

  it("leaves what is current as it was, online and offline", async () => {
    expect(stopped.status).toBe("ABORTED");
    expect(await features.current()).toEqual(before);
    expect(await features.online("itemFeatures", "p1")).toEqual(onlineBefore);
  });

  it("leaves its lock to the next one, and itself to be redriven", async () => {
    expect(await features.lock(`daily-${third}`)).not.toHaveProperty("owner");
    expect(told("operations", /an execution failed/).length).toBeGreaterThan(0);

    const redriven = await features.redrive(stopped.executionArn);

    expect(redriven).toMatchObject({ status: "SUCCEEDED", output: { run_id: `daily-${third}` } });
    expect(await features.current()).toMatchObject({
      attempt: redriven.output.attempt,
      generation: before.generation + 1,
    });
  }, 200_000);
});

describe("a day whose raw object somebody deletes", () => {
  const day = "2025-03-05";
  const lines = lonelyOf(day, [first, second, third], SESSIONS);
  const { user_id } = lines[0] ?? expect.unreachable();
  const range = { mode: "range", start_date: day, end_date: day };

  it("loses its clean rows with the next run of it, though this has no line, and who had no others is online no more", async () => {
    const object = rawInteractions(day, lines, "lonely");
    await features.put(object);
    const with_it = await features.run(range);
    const online = await features.online("userFeatures", user_id);
    await features.remove(object);

    const without = await features.run(range);

    expect([with_it.status, with_it.output.status]).toEqual(["SUCCEEDED", "SUCCEEDED"]);
    expect(online?.run?.S).toBe(with_it.output.attempt);
    expect([without.error, without.cause, without.output.status]).toEqual([
      undefined,
      undefined,
      "SUCCEEDED",
    ]);
    expect(await features.online("userFeatures", user_id)).toBeUndefined();
    expect((await features.record(without.executionArn))?.withdrawn?.N).toBe("1");
    const { snapshot } = await features.json((await features.current()).manifest);
    expect(snapshot.days[day]).toMatchObject({ attempt: without.output.attempt, rows: 0 });
    await settled(features.cloud);
    expect(
      told("data-engineering", /All raw objects of 1 days \(2025-03-05\) have been deleted/),
    ).toHaveLength(1);
  }, 300_000);
});

describe("a run that is stopped when its features are online, and before they are accepted", () => {
  let before: Awaited<ReturnType<Features["current"]>>;
  let stopped: Ended;
  let attempt: string;
  beforeAll(async () => {
    before = await features.current();
    const [late] = interactionsOf(third, 1);
    if (late === undefined) throw new Error("there is no interaction");
    await features.put(rawInteractions(third, [{ ...late, interaction_id: "later-still" }], "late"));
    stopped = await features.stopAt("CheckParity", daily(third));
    await settled(features.cloud);
    attempt = (await features.record(stopped.executionArn))?.attempt?.S ?? "";
  }, 400_000);

  it("leaves the last good version current for who reads files, and each item online tells that it is of the other", async () => {
    expect(stopped.status).toBe("ABORTED");
    expect(await features.current()).toEqual(before);
    expect(attempt).not.toBe(before.attempt);
    expect(await features.online("itemFeatures", "p1")).toMatchObject({
      as_of: { S: before.as_of },
      run: { S: attempt },
    });
  });

  it("is in its record and in a notice, and a redrive makes both the same", async () => {
    expect(await features.record(stopped.executionArn)).toMatchObject({ status: { S: "ABORTED" } });
    const name = stopped.executionArn.split(":").at(-1) ?? "";
    expect(told("operations", new RegExp(name))).toHaveLength(1);

    const redriven = await features.redrive(stopped.executionArn);

    expect(redriven).toMatchObject({ status: "SUCCEEDED", output: { attempt } });
    expect(await features.current()).toMatchObject({ attempt, generation: before.generation + 1 });
    expect(await features.online("itemFeatures", "p1")).toMatchObject({ run: { S: attempt } });
    expect((await features.states(stopped.executionArn)).filter((state) => state === "Publish")).toHaveLength(
      1,
    );
  }, 200_000);
});

describe("what does not become features", () => {
  let before: Awaited<ReturnType<Features["current"]>>;
  beforeAll(async () => {
    before = await features.current();
  });

  it("a day without a line", async () => {
    const { status, output } = await features.run(daily(empty));

    expect([status, output.status]).toEqual(["SUCCEEDED", "EMPTY"]);
    expect(await features.current()).toEqual(before);
  }, 200_000);

  it("a day in which too many lines are no JSON: its report says so, data engineering hears of it", async () => {
    const lines = interactionsOf(fourth, SESSIONS);
    await features.put(
      rawInteractions(
        fourth,
        lines.map((line, n) => (n % 5 === 0 ? '{"interaction_id": "cut' : line)),
      ),
    );

    const { status, error, cause = "" } = await features.run(daily(fourth));
    await settled(features.cloud);

    expect([status, error]).toEqual(["FAILED", "ValidationFailed"]);
    const report = await features.json(/s3:\S+/.exec(cause)?.[0] ?? "");
    expect(report).toMatchObject({ state: "broken", rejected: lines.length / 5 });
    expect(told("data-engineering", /validation of interactions failed.*schema/)).toHaveLength(1);
    expect(await features.current()).toEqual(before);
  }, 200_000);

  it("a day that no run was accepted of, in the next daily run either, however many days later", async () => {
    const { status, error, cause = "" } = await features.run(daily(empty));

    expect([status, error]).toEqual(["FAILED", "ValidationFailed"]);
    expect(await features.json(/s3:\S+/.exec(cause)?.[0] ?? "")).toMatchObject({ from: fourth, to: empty });
  }, 200_000);

  it("days that are only to be validated", async () => {
    const { status, output } = await features.run({
      mode: "range",
      start_date: first,
      end_date: second,
      validate_only: true,
    });

    expect([status, output.status]).toEqual(["SUCCEEDED", "VALIDATED"]);
    expect(await features.json(output.report)).toMatchObject({ state: "passed" });
    expect(await features.lock(`range-${first}-${second}`)).toBeUndefined();
    expect(await features.current()).toEqual(before);
  }, 200_000);
});
