import { OutOfMemory, QueryFailed } from "@penstock/runtime";
import { expect, test } from "vitest";
import { inOneFunction } from "../../packages/features/src/one-function.ts";
import { DAY, event, rawRun, rawSettings } from "./raw-run.ts";

test("more rows than one function judges end as too large, with what to do, and change nothing", async () => {
  const oneFunction = { ...rawSettings.oneFunction, judgedRows: 2 };
  await using run = await rawRun({ settings: { oneFunction } });
  await run.put(
    DAY,
    ["a", "b", "c"].map((id) => event(id)),
  );
  const planned = await run.plan();
  await run.land(planned);

  await expect(run.judge(planned)).rejects.toMatchObject({
    name: "TooLarge",
    message: expect.stringMatching(
      /^the landed interactions of daily-2026-11-20 are 3 rows, .* at most 2: compute/,
    ),
  });
  expect(await run.objects("s3://features/validation_reports/")).toEqual({});
});

test("memory and disk that end all the same have the same name, and every other fault its own", async () => {
  const within = { rows: 5, most: 10 };
  const failing = (error: Error) => inOneFunction("rows", within, () => Promise.reject(error));

  await expect(failing(new OutOfMemory("no temporary disk"))).rejects.toMatchObject({
    name: "TooLarge",
    message: expect.stringContaining("rows, 5 rows, do not fit"),
  });
  await expect(failing(new QueryFailed("else"))).rejects.toMatchObject({ name: "QueryFailed" });
  expect(await inOneFunction("rows", { rows: 10, most: 10 }, async () => "done")).toBe("done");
});
