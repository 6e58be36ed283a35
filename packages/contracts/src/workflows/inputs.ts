import type * as v from "valibot";
import { CuratedToProdInput } from "./curated-to-prod.ts";
import { DigitalDnaInput } from "./digital-dna.ts";
import { FeaturePipelineInput } from "./feature-pipeline.ts";
import { RawToCuratedInput } from "./raw-to-curated.ts";
import { ReconcileInput } from "./reconcile.ts";

/**
 * The workflows that people may start, each with the contract of its input. A workflow that only events start, such as
 * `on-failure`, is not among them. A test starts each machine with what its contract accepts.
 */
export const workflowInputs = {
  "raw-to-curated": RawToCuratedInput,
  reconcile: ReconcileInput,
  "curated-to-prod": CuratedToProdInput,
  "feature-pipeline": FeaturePipelineInput,
  "digital-dna": DigitalDnaInput,
} as const satisfies Readonly<Record<string, v.GenericSchema>>;

/** A workflow that may be started by hand. */
type StartableWorkflow = keyof typeof workflowInputs;

/** True for the name of a workflow that may be started by hand. */
export function isStartable(name: string): name is StartableWorkflow {
  return Object.hasOwn(workflowInputs, name);
}
