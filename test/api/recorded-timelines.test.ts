import path from "node:path";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { type HistoryEvent, timeline } from "../../packages/runtime/src/executions/index.ts";
import { type RecordedEvent, readCases } from "../conformance/cases.ts";

const folder = path.resolve(import.meta.dirname, "../../../shared/asl-cases");
const cases = readCases(folder);

const Details = v.looseObject({
  name: v.optional(v.string()),
  state: v.optional(v.string()),
  error: v.optional(v.nullable(v.string())),
});

/** As the history comes over the wire; recordings have no times, so each event is a second after the one before. */
function readEvent(event: RecordedEvent, index: number): HistoryEvent {
  const details = Object.values(event).filter((each) => v.is(Details, each));
  const first = (member: "name" | "state" | "error") =>
    details.map((each) => each[member]).find((each) => typeof each === "string");
  const { id, previousEventId, type } = event;
  const at = new Date(index * 1000);
  return {
    id,
    previousEventId,
    at,
    type,
    state: first("name") ?? first("state"),
    error: first("error") ?? undefined,
  };
}

/** Executions whose whole history was recorded, in its order and with its ids. */
const recorded = (cases ?? []).flatMap(({ id, expected }) =>
  expected.history !== undefined && expected.historyMode === "exact" && expected.history.length > 0
    ? [{ id, status: expected.status, events: expected.history.map(readEvent) }]
    : [],
);

describe("the states of executions recorded on AWS", () => {
  if (cases === undefined) {
    it("are there to be looked at", ({ skip }) => {
      if (process.env.CI) expect.fail(`No recordings in ${folder}`);
      skip(`there are no recordings in ${folder}`);
    });
    return;
  }

  it("are as many as the histories have entries and exits", () => {
    expect(recorded.length).toBeGreaterThan(100);
    for (const { id, events } of recorded) {
      const states = timeline(events, new Date(events.length * 1000));
      const left = states.filter(({ status }) => status === "SUCCEEDED" || status === "CAUGHT");
      const count = (pattern: RegExp) => events.filter(({ type }) => pattern.test(type)).length;

      expect([states.length, left.length], id).toEqual([count(/StateEntered$/), count(/StateExited$/)]);
      expect(
        states.some(({ status }) => status === "RUNNING"),
        id,
      ).toBe(false);
    }
  });

  it("have one that failed wherever the execution failed, with its error", () => {
    const failed = recorded.filter(({ status }) => status === "FAILED");
    expect(failed.length).toBeGreaterThan(20);
    for (const { id, events } of failed) {
      const error = events.at(-1)?.error;
      const states = timeline(events, new Date(events.length * 1000));
      const own = states.filter(({ status }) => status === "FAILED").map((state) => state.error);

      expect(own, id).toContain(error ?? null);
    }
  });
});
