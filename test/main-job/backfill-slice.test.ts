import type { Execution, ExecutionSummary } from "@penstock/contracts";
import { NotRedrivable } from "@penstock/runtime/executions";
import { describe, expect, it } from "vitest";
import { backfillSlice } from "../../packages/local/src/cli/run-backfill.ts";

type Status = ExecutionSummary["status"];
const week = { from: "2026-01-01", to: "2026-01-07" };
const first = "backfill-2026-01-01-2026-01-07";

/** Executions that are there already by their names, with the errors that they failed with; what is begun succeeds. */
function known(there: Readonly<Record<string, { status: Status; error?: string }>>, redrivable = true) {
  const redriven: string[] = [];
  const begun: unknown[] = [];
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
    async start(_: string, input: unknown, key = "") {
      const found = there[key];
      if (found === undefined) begun.push(input);
      return summary(key, found?.status ?? "RUNNING");
    },
    async status(id: string) {
      const found = there[nameOf(id)]?.status;
      const goesOn = found === undefined || found === "RUNNING" || redriven.includes(nameOf(id));
      return summary(nameOf(id), goesOn ? "SUCCEEDED" : found);
    },
    async show(id: string): Promise<Execution> {
      const found = there[nameOf(id)];
      const nothing = { input: null, output: null, cause: null, redrivable, states: [] };
      return { ...summary(nameOf(id), found?.status ?? "RUNNING"), ...nothing, error: found?.error ?? null };
    },
    async redrive(id: string) {
      if (!redrivable) throw new NotRedrivable("too long ago");
      redriven.push(nameOf(id));
      return { id, arn: `arn:${nameOf(id)}`, redriven_at: "2026-01-09T00:00:00Z" };
    },
  };
}

describe("a slice of a backfill", () => {
  it("is started under the name of its days", async () => {
    const executions = known({});

    const result = await backfillSlice(executions, week, 1);

    expect(result).toMatchObject({ how: "ran", status: "SUCCEEDED", execution: `feature-pipeline:${first}` });
    expect(executions.begun).toEqual([{ mode: "range", start_date: week.from, end_date: week.to }]);
  });

  it("is waited for when it runs already", async () => {
    const executions = known({ [first]: { status: "RUNNING" } });

    expect(await backfillSlice(executions, week, 1)).toMatchObject({ how: "ran", status: "SUCCEEDED" });
    expect(executions.begun).toEqual([]);
  });

  it("is redriven when it failed", async () => {
    const executions = known({ [first]: { status: "FAILED", error: "States.Timeout" } });

    expect(await backfillSlice(executions, week, 1)).toMatchObject({ how: "redriven", status: "SUCCEEDED" });
    expect(executions.redriven).toEqual([first]);
  });

  it.each([
    ["failed for its data", known({ [first]: { status: "FAILED", error: "ValidationFailed" } })],
    ["succeeded with other objects", known({ [first]: { status: "SUCCEEDED" } })],
    ["cannot be redriven any more", known({ [first]: { status: "TIMED_OUT" } }, false)],
  ])("has the next name when the one before %s", async (_, executions) => {
    expect(await backfillSlice(executions, week, 1)).toMatchObject({
      status: "SUCCEEDED",
      execution: `feature-pipeline:${first}-2`,
    });
    expect(executions.redriven).toEqual([]);
  });
});
