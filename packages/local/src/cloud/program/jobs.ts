import { type ResourceGraph, resourcesOf } from "../../render/graph.ts";
import { Inputs } from "./inputs.ts";

/** A Glue job of the program. */
export interface WantedJob {
  readonly name: string;
  readonly role: string;
  readonly maxConcurrentRuns: number;
  readonly timeoutMinutes: number;
  readonly defaultArguments: Readonly<Record<string, string>>;
  readonly workerType: string | undefined;
  readonly numberOfWorkers: number | undefined;
  readonly glueVersion: string | undefined;
}

/** The program's Glue jobs. */
export function jobs(graph: ResourceGraph): WantedJob[] {
  return resourcesOf(graph, "aws:glue/job:Job").map((resource) => {
    const inputs = new Inputs(resource);
    return {
      name: inputs.text("name"),
      role: inputs.text("roleArn"),
      maxConcurrentRuns: inputs.part("executionProperty")?.optionalNumber("maxConcurrentRuns") ?? 1,
      timeoutMinutes: inputs.optionalNumber("timeout") ?? 480,
      defaultArguments: inputs.record("defaultArguments"),
      workerType: inputs.optionalText("workerType"),
      numberOfWorkers: inputs.optionalNumber("numberOfWorkers"),
      glueVersion: inputs.optionalText("glueVersion"),
    };
  });
}
