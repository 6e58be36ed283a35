import { type ResourceGraph, resourcesOf } from "../../render/graph.ts";
import { Inputs } from "./inputs.ts";

/** A workgroup of Athena. */
export interface WorkGroup {
  readonly name: string;
  readonly description: string | undefined;
  /** Where results go when the caller does not say. */
  readonly outputLocation: string | undefined;
  /** Whether its location stands above the caller's. */
  readonly enforced: boolean;
  /** A query that would read more is cancelled. */
  readonly bytesScannedCutoff: number | undefined;
  /** Queries are refused while it is disabled. */
  readonly enabled: boolean;
  readonly createdAt: Date;
}

/** The program's workgroups, and the one that every account has. */
export function workGroups(graph: ResourceGraph): WorkGroup[] {
  const createdAt = new Date();
  const groups = resourcesOf(graph, "aws:athena/workgroup:Workgroup").map((resource): WorkGroup => {
    const inputs = new Inputs(resource);
    const configuration = inputs.part("configuration");
    return {
      name: inputs.text("name"),
      description: inputs.optionalText("description"),
      outputLocation: configuration?.part("resultConfiguration")?.optionalText("outputLocation"),
      enforced: configuration?.optionalFlag("enforceWorkgroupConfiguration") ?? true,
      bytesScannedCutoff: configuration?.optionalNumber("bytesScannedCutoffPerQuery"),
      enabled: inputs.optionalText("state") !== "DISABLED",
      createdAt,
    };
  });
  const primary: WorkGroup = {
    name: "primary",
    description: undefined,
    outputLocation: undefined,
    enforced: false,
    bytesScannedCutoff: undefined,
    enabled: true,
    createdAt,
  };
  return groups.some(({ name }) => name === "primary") ? groups : [primary, ...groups];
}
