import { task } from "@penstock/runtime";
import { catalogueCandidate } from "../catalogue-candidate.ts";
import { CatalogueCandidateInput } from "../task-inputs.ts";
import { featuresPorts } from "./features-ports.ts";

/** Registers the clean rows as one snapshot, and writes the queries over it. */
export const handler = task(CatalogueCandidateInput, async (input, context) => {
  const candidate = await catalogueCandidate(input, featuresPorts(context));
  const { snapshot, rows, removed } = candidate;
  context.log.info("clean rows registered", { snapshot, rows, removed });
  return candidate;
});
