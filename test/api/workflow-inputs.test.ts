import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { workflowInputs } from "../../packages/contracts/src/index.ts";
import { execute } from "../workflows/execute.ts";
import { machines } from "../workflows/machines.ts";

/** What each contract accepts, at least once with every field and once with as few as possible. */
const accepted: { [Workflow in keyof typeof workflowInputs]: object[] } = {
  "raw-to-curated": [
    { bucket: "raw", key: "ecommerce/orders-raw/a.parquet" },
    { bucket: "raw", key: "elsewhere/a.parquet", table: "orders" },
  ],
  reconcile: [{}],
  "curated-to-prod": [{}],
  "feature-pipeline": [
    { mode: "daily" },
    { mode: "weekly", validate_only: false },
    {
      mode: "range",
      start_date: "2026-01-01",
      end_date: "2026-01-31",
      output_path: "s3://features/exports/january/",
      validate_only: true,
    },
  ],
  "digital-dna": [
    { user: "usr_0123456789abcdefghjkmnpqrs" },
    { user: "usr_0123456789abcdefghjkmnpqrs", file: "netflix/Viewing Activity.csv" },
  ],
};

const cases = Object.entries(accepted).flatMap(([workflow, inputs]) =>
  inputs.map((input) => [workflow, input] as const),
);

describe("what a workflow's input contract accepts", () => {
  it.each(cases)("%s: %j, its machine starts with", async (workflow, input) => {
    const definition = Object.entries(machines).find(([name]) => name === workflow)?.[1];
    const schema = Object.entries(workflowInputs).find(([name]) => name === workflow)?.[1];
    if (definition === undefined || schema === undefined) throw new Error(`There is no ${workflow}.`);

    const parsed = v.parse<v.GenericSchema>(schema, input);
    const { history } = await execute(workflow, definition, parsed, {});

    // A field that the first state reads and the contract does not demand would keep it from ending.
    const ended = history
      .filter(({ type }) => type.endsWith("StateExited"))
      .map(({ details }) => details?.name);
    expect(ended).toContain(definition.StartAt);
  });

  it("reaches the first task of raw-to-curated as it was given", async () => {
    const input = { bucket: "raw", key: "elsewhere/ä b.parquet", table: "orders" };

    const { calls } = await execute("raw-to-curated", machines["raw-to-curated"], input, {});

    expect(calls[0]?.arguments).toMatchObject({ Payload: input });
  });

  it("is there for workflows that there are", () => {
    expect(Object.keys(machines)).toEqual(expect.arrayContaining(Object.keys(workflowInputs)));
  });
});
