import type { Execution, ExecutionSummary } from "@penstock/contracts";
import { NotRedrivable } from "@penstock/runtime/executions";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { type Backfilled, backfillSlice, FINAL } from "../../packages/local/src/cli/backfill-slice.ts";
import { runSlices } from "../../packages/local/src/cli/run-backfill.ts";
import pipeline from "../workflows/expected/feature-pipeline.asl.json" with { type: "json" };

type Status = ExecutionSummary["status"];
const week = { from: "2026-01-01", to: "2026-01-07" };
const first = "backfill-2026-01-01-2026-01-07";

interface There {
  readonly status: Status;
  readonly error?: string;
  /** What it says of itself when it has succeeded. */
  readonly said?: string;
}

/**
 * Executions that are there already by their names, with the errors that they failed with; what is begun succeeds, but those
 * that `ends` names. After a redrive the old end is told once more.
 */
function known(
  there: Readonly<Record<string, There>>,
  { redrivable = true, ends = {} }: { redrivable?: boolean; ends?: Readonly<Record<string, There>> } = {},
) {
  const redriven: string[] = [];
  const begun: string[] = [];
  const inputs: unknown[] = [];
  const looks = new Map<string, number>();
  const summary = (name: string, status: Status): ExecutionSummary => ({
    id: `feature-pipeline:${name}`,
    pipeline: "feature-pipeline",
    name,
    arn: `arn:${name}`,
    status,
    started_at: "2026-01-08T00:00:00Z",
    stopped_at: null,
    redrives: 0,
  });
  const nameOf = (id: string) => id.slice("feature-pipeline:".length);
  return {
    redriven,
    begun,
    inputs,
    async start(_: string, input: unknown, key = "") {
      const found = there[key];
      if (found === undefined) {
        begun.push(key);
        inputs.push(input);
      }
      return summary(key, found?.status ?? "RUNNING");
    },
    async status(id: string) {
      const name = nameOf(id);
      const found = there[name];
      if (redriven.includes(name)) {
        const look = (looks.get(name) ?? 0) + 1;
        looks.set(name, look);
        if (look > 1) return { ...summary(name, "SUCCEEDED"), redrives: 1 };
        return summary(name, found?.status ?? "FAILED");
      }
      const ended = ends[name]?.status ?? "SUCCEEDED";
      return summary(name, found === undefined || found.status === "RUNNING" ? ended : found.status);
    },
    async show(id: string): Promise<Execution> {
      const found = there[nameOf(id)] ?? ends[nameOf(id)];
      const nothing = { input: null, cause: null, redrivable, states: [] };
      const output = found?.said === undefined ? null : { status: found.said };
      return {
        ...summary(nameOf(id), found?.status ?? "RUNNING"),
        ...nothing,
        output,
        error: found?.error ?? null,
      };
    },
    async redrive(id: string) {
      if (!redrivable) throw new NotRedrivable("too long ago");
      redriven.push(nameOf(id));
      return { id, arn: `arn:${nameOf(id)}`, redriven_at: "2026-01-09T00:00:00Z" };
    },
  };
}

/** Tools over some executions; the days are stale, unless it is said that they are current by now. */
const toolsOf = (executions: ReturnType<typeof known>, current = false) => ({
  executions,
  pollMs: 1,
  isCurrent: async () => current,
});

describe("a slice of a backfill", () => {
  it("is started under the name of its days", async () => {
    const executions = known({});

    const result = await backfillSlice(toolsOf(executions), week, "features");

    expect(result).toMatchObject({ how: "ran", status: "SUCCEEDED", execution: `feature-pipeline:${first}` });
    expect(executions.inputs).toEqual([{ mode: "range", start_date: week.from, end_date: week.to }]);
  });

  it("is waited for when it runs already", async () => {
    const executions = known({ [first]: { status: "RUNNING" } });

    expect(await backfillSlice(toolsOf(executions), week, "features")).toMatchObject({
      how: "ran",
      status: "SUCCEEDED",
    });
    expect(executions.begun).toEqual([]);
  });

  it("is redriven when it failed", async () => {
    const executions = known({ [first]: { status: "FAILED", error: "States.Timeout" } });

    expect(await backfillSlice(toolsOf(executions), week, "features")).toMatchObject({
      how: "redriven",
      status: "SUCCEEDED",
    });
    expect(executions.redriven).toEqual([first]);
  });

  it.each([
    ["failed for its data", known({ [first]: { status: "FAILED", error: "ValidationFailed" } })],
    ["coalesced", known({}, { ends: { [first]: { status: "SUCCEEDED", said: "COALESCED" } } })],
    ["succeeded with other objects", known({ [first]: { status: "SUCCEEDED" } })],
    ["cannot be redriven any more", known({ [first]: { status: "TIMED_OUT" } }, { redrivable: false })],
  ])("has the next name when the one before %s", async (_, executions) => {
    expect(await backfillSlice(toolsOf(executions), week, "features")).toMatchObject({
      status: "SUCCEEDED",
      execution: `feature-pipeline:${first}-2`,
    });
    expect(executions.redriven).toEqual([]);
  });

  it("is not done again when its execution has succeeded since the plan was made", async () => {
    const executions = known({ [first]: { status: "SUCCEEDED", said: "SUCCEEDED" } });

    const result = await backfillSlice(toolsOf(executions, true), week, "features");

    expect(result).toMatchObject({ how: "done before", status: "SUCCEEDED", done: true });
    expect(executions.begun).toEqual([]);
  });

  it("is done when its objects have no line", async () => {
    const executions = known({}, { ends: { [first]: { status: "SUCCEEDED", said: "EMPTY" } } });

    expect(await backfillSlice(toolsOf(executions), week, "features")).toMatchObject({
      status: "EMPTY",
      done: true,
    });
    expect(executions.begun).toEqual([first]);
  });

  it("is validated once only", async () => {
    const executions = known({ [`${first}-validation`]: { status: "SUCCEEDED", said: "VALIDATED" } });

    const result = await backfillSlice(toolsOf(executions), week, "validation");

    expect(result).toMatchObject({ how: "done before", status: "VALIDATED", done: true });
    expect(executions.begun).toEqual([]);
  });

  it("is never redriven where the machine has said that it fails", () => {
    const Fail = v.object({ Type: v.literal("Fail"), Error: v.string() });
    const errors = Object.values(pipeline.States).flatMap((state) =>
      v.is(Fail, state) ? [state.Error] : [],
    );

    expect([...FINAL].sort()).toEqual(errors.sort());
  });
});

describe("the slices of a backfill", () => {
  const weeks = ["01", "08", "15"].map((day) => ({
    from: `2026-01-${day}`,
    to: `2026-01-${String(Number(day) + 6).padStart(2, "0")}`,
  }));
  const names = weeks.map(({ from, to }) => `backfill-${from}-${to}`);
  const validations = names.map((name) => `${name}-validation`);
  const told = (done: readonly Backfilled[]) => done.map(({ execution }) => execution.split(":")[1]);

  it("are validated side by side, and then computed in the order of their days", async () => {
    const executions = known({});

    const { steps, left } = await runSlices(toolsOf(executions), weeks, 3, () => {});

    expect(executions.begun).toEqual([...validations, ...names]);
    expect(executions.inputs[0]).toMatchObject({ validate_only: true });
    expect(told(steps).slice(3)).toEqual(names);
    expect(left).toEqual([]);
  });

  it.each([
    ["validation", { [validations[1] ?? ""]: { status: "FAILED" as const } }, [...validations, names[0]]],
    ["features", { [names[1] ?? ""]: { status: "FAILED" as const } }, [...validations, names[0], names[1]]],
  ])("end before the days after one whose %s failed", async (_, ends, begun) => {
    const executions = known({}, { ends });

    const { left } = await runSlices(toolsOf(executions), weeks, 3, () => {});

    expect(executions.begun).toEqual(begun);
    expect(left).toEqual(weeks.slice(1));
  });
});
