import { resource, task } from "@penstock/runtime";
import { BackfillSettings, EstimateBackfillInput, estimateBackfill } from "../estimate-backfill.ts";
import { featuresPorts } from "./features-ports.ts";

/** What a backfill would run, and about what it would cost. Changes nothing. */
export const handler = task(EstimateBackfillInput, (input, context) =>
  estimateBackfill(input, featuresPorts(context), resource("Backfill", BackfillSettings)),
);
