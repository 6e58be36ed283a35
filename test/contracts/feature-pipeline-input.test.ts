import { describe, expect, it } from "vitest";
import { FeaturePipelineInput, fieldFaults } from "../../packages/contracts/src/index.ts";

const faults = (input: object) => fieldFaults(FeaturePipelineInput, input, "body");
const range = { mode: "range", start_date: "2026-01-01", end_date: "2026-01-31" };

describe("what the feature pipeline is started with", () => {
  it.each([
    [{ mode: "daily" }],
    [{ mode: "weekly", validate_only: true }],
    [range],
    [{ ...range, end_date: range.start_date }],
    [{ ...range, output_path: "s3://features/exports/january/", validate_only: false }],
  ])("%j: is as it should be", (input) => {
    expect(faults(input)).toEqual([]);
  });

  it.each([
    [{}, "mode", "It is missing."],
    [{ mode: "monthly" }, "mode", 'Give "daily", "weekly" or "range".'],
    [{ mode: "range", start_date: "2026-01-01" }, "end_date", "both start_date and end_date"],
    [{ mode: "daily", start_date: "2026-01-01" }, "start_date", "take neither"],
    [{ ...range, start_date: "2026-02-01" }, "end_date", "before the first"],
    [{ ...range, end_date: "2026-02-30" }, "end_date", "a date of the calendar"],
    [{ ...range, end_date: "2999-01-01" }, "end_date", "in the future"],
    [{ ...range, output_path: "s3://features/features/v1/" }, "output_path", "under exports/"],
    [{ ...range, output_path: "s3://features/exports/../plans/" }, "output_path", "under exports/"],
    [{ mode: "daily", scheduled_at: "2026-01-01T05:00:00Z" }, "scheduled_at", "no such field"],
  ])("%j: %s is wrong", (input, field, detail) => {
    expect(faults(input)).toEqual([{ field, detail: expect.stringContaining(detail) }]);
  });
});
