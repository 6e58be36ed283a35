import { describe, expect, it } from "vitest";
import { timeline } from "../../packages/runtime/src/executions/index.ts";

/** A history as it is read: the id is the place in the list, seconds count from the entry's own `at`. */
type Line = [previous: number, type: string, state?: string | undefined, error?: string];

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const history = (...lines: Line[]) =>
  lines.map(([previousEventId, type, state, error], index) => ({
    id: index + 1,
    previousEventId,
    at: at(index + 1),
    type,
    state,
    error,
  }));
const brief = (events: ReturnType<typeof history>, stopped: Date | undefined = at(events.length)) =>
  timeline(events, stopped).map(({ name, status, duration_ms, retries, error }) => [
    name,
    status,
    duration_ms === null ? null : duration_ms / 1000,
    retries,
    error,
  ]);

describe("the states of an execution", () => {
  it("each with the time from its entry to its exit", () => {
    const events = history(
      [0, "ExecutionStarted"],
      [0, "PassStateEntered", "First"],
      [2, "PassStateExited", "First"],
      [3, "ChoiceStateEntered", "Second"],
      [4, "ChoiceStateExited", "Second"],
      [5, "ExecutionSucceeded"],
    );

    expect(timeline(events, at(6))).toEqual([
      {
        name: "First",
        type: "Pass",
        status: "SUCCEEDED",
        entered_at: "2026-01-01T00:00:02.000Z",
        exited_at: "2026-01-01T00:00:03.000Z",
        duration_ms: 1000,
        retries: 0,
        error: null,
      },
      expect.objectContaining({ name: "Second", type: "Choice", status: "SUCCEEDED" }),
    ]);
  });

  it("a stay each time a loop comes by", () => {
    const events = history(
      [0, "ExecutionStarted"],
      [0, "PassStateEntered", "Again"],
      [2, "PassStateExited", "Again"],
      [3, "PassStateEntered", "Again"],
      [4, "PassStateExited", "Again"],
      [5, "ExecutionSucceeded"],
    );

    expect(brief(events)).toEqual([
      ["Again", "SUCCEEDED", 1, 0, null],
      ["Again", "SUCCEEDED", 1, 0, null],
    ]);
  });

  it("with their retries, and without an error when the last try succeeds", () => {
    const events = history(
      [0, "ExecutionStarted"],
      [0, "TaskStateEntered", "Work"],
      [2, "TaskScheduled"],
      [3, "TaskFailed", undefined, "Busy"],
      [4, "TaskScheduled"],
      [5, "TaskTimedOut", undefined, "States.Timeout"],
      [6, "TaskScheduled"],
      [7, "TaskSucceeded"],
      [8, "TaskStateExited", "Work"],
      [9, "ExecutionSucceeded"],
    );

    expect(brief(events)).toEqual([["Work", "SUCCEEDED", 7, 2, null]]);
  });

  it("that failed and were caught, or failed for good", () => {
    const events = history(
      [0, "ExecutionStarted"],
      [0, "TaskStateEntered", "Try"],
      [2, "TaskScheduled"],
      [3, "TaskFailed", undefined, "TooLarge"],
      [4, "TaskStateExited", "Try"],
      [5, "TaskStateEntered", "Other"],
      [6, "TaskScheduled"],
      [7, "TaskFailed", undefined, "AccessDenied"],
      [8, "ExecutionFailed", undefined, "AccessDenied"],
    );

    expect(brief(events)).toEqual([
      ["Try", "CAUGHT", 3, 0, "TooLarge"],
      ["Other", "FAILED", 2, 0, "AccessDenied"],
    ]);
  });

  it("whose expression failed at once: its event hangs on the state before", () => {
    const events = history(
      [0, "ExecutionStarted"],
      [0, "PassStateEntered", "Before"],
      [2, "PassStateExited", "Before"],
      [3, "PassStateEntered", "Broken"],
      [3, "EvaluationFailed", "Broken", "States.QueryEvaluationError"],
      [5, "ExecutionFailed", undefined, "States.QueryEvaluationError"],
    );

    expect(brief(events)).toEqual([
      ["Before", "SUCCEEDED", 1, 0, null],
      ["Broken", "FAILED", 1, 0, "States.QueryEvaluationError"],
    ]);
  });

  it("of branches whose events are mixed; a sibling of the one that failed was aborted", () => {
    const events = history(
      [0, "ExecutionStarted"],
      [0, "ParallelStateEntered", "Both"],
      [2, "ParallelStateStarted"],
      [3, "TaskStateEntered", "Left"],
      [3, "TaskStateEntered", "Right"],
      [5, "TaskScheduled"],
      [4, "TaskScheduled"],
      [6, "TaskFailed", undefined, "Busy"],
      [8, "TaskScheduled"],
      [9, "TaskFailed", undefined, "Broken"],
      [10, "ParallelStateFailed", undefined, "Broken"],
      [11, "ParallelStateExited", "Both"],
      [12, "PassStateEntered", "After"],
      [13, "PassStateExited", "After"],
      [14, "ExecutionSucceeded"],
    );

    expect(brief(events)).toEqual([
      ["Both", "CAUGHT", 10, 0, "Broken"],
      ["Left", "ABORTED", 11, 0, null],
      ["Right", "FAILED", 5, 1, "Broken"],
      ["After", "SUCCEEDED", 1, 0, null],
    ]);
  });

  it("that still run, one of them between two tries", () => {
    const events = history(
      [0, "ExecutionStarted"],
      [0, "TaskStateEntered", "Work"],
      [2, "TaskScheduled"],
      [3, "TaskFailed", undefined, "Busy"],
    );

    expect(timeline(events, undefined)).toEqual([
      expect.objectContaining({ name: "Work", status: "RUNNING", exited_at: null, duration_ms: null }),
    ]);
  });

  it("that a redrive took up again: that is no retry", () => {
    const events = history(
      [0, "ExecutionStarted"],
      [0, "TaskStateEntered", "Work"],
      [2, "TaskScheduled"],
      [3, "TaskFailed", undefined, "Missing"],
      [4, "ExecutionFailed", undefined, "Missing"],
      [5, "ExecutionRedriven"],
      [6, "TaskScheduled"],
      [7, "TaskSucceeded"],
      [8, "TaskStateExited", "Work"],
      [9, "ExecutionSucceeded"],
    );

    expect(brief(events)).toEqual([["Work", "SUCCEEDED", 7, 0, null]]);
  });

  it("a Fail state among them", () => {
    const events = history(
      [0, "ExecutionStarted"],
      [0, "FailStateEntered", "Stop"],
      [2, "ExecutionFailed", undefined, "Why"],
    );

    expect(brief(events)).toEqual([["Stop", "FAILED", 0, 0, "Why"]]);
  });

  it("that failed before its work began, which only the end of the execution tells", () => {
    const events = history(
      [0, "ExecutionStarted"],
      [0, "WaitStateEntered", "Until"],
      [2, "ExecutionFailed", undefined, "States.Runtime"],
    );

    expect(brief(events)).toEqual([["Until", "FAILED", 1, 0, "States.Runtime"]]);
  });

  it("that ended by the failure of a branch without saying so", () => {
    const events = history(
      [0, "ExecutionStarted"],
      [0, "ParallelStateEntered", "Both"],
      [2, "ParallelStateStarted"],
      [3, "TaskStateEntered", "Left"],
      [4, "TaskScheduled"],
      [5, "TaskFailed", undefined, "Broken"],
      [6, "ParallelStateExited", "Both"],
      [7, "SucceedStateEntered", "After"],
      [8, "SucceedStateExited", "After"],
      [9, "ExecutionSucceeded"],
    );

    expect(brief(events)).toEqual([
      ["Both", "CAUGHT", 5, 0, "Broken"],
      ["Left", "FAILED", 2, 0, "Broken"],
      ["After", "SUCCEEDED", 1, 0, null],
    ]);
  });
});
