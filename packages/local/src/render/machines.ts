import * as v from "valibot";
import { type ResourceGraph, resourcesOf } from "./graph.ts";

/** A state machine of the program. */
export interface RenderedMachine {
  /** Its name in `workflows/`: `raw-to-curated`. */
  workflow: string;
  /** Its name in AWS: `penstock-local-raw-to-curated`. */
  name: string;
  arn: string;
  roleArn: string;
  /** The ASL definition, parsed. */
  definition: unknown;
}

const MachineState = v.object({
  name: v.string(),
  arn: v.string(),
  roleArn: v.string(),
  definition: v.string(),
});

/** The program's state machines, by name. */
export function machinesOf(graph: ResourceGraph): RenderedMachine[] {
  return resourcesOf(graph, "aws:sfn/stateMachine:StateMachine")
    .map(({ state }) => v.parse(MachineState, state))
    .map(({ name, arn, roleArn, definition }) => ({
      workflow: name.replace(`${graph.app}-${graph.stage}-`, ""),
      name,
      arn,
      roleArn,
      definition: JSON.parse(definition),
    }))
    .sort((a, b) => (a.workflow < b.workflow ? -1 : 1));
}
