import { type ResourceGraph, resourcesOf } from "../../render/graph.ts";
import { Inputs } from "./inputs.ts";

/** A column of a table of the Glue catalogue; the type as Glue writes it, such as `decimal(12,2)`. */
export interface CatalogColumn {
  readonly name: string;
  readonly type: string;
}

/** A table of the Glue catalogue over objects in S3. */
export interface CatalogTable {
  readonly database: string;
  readonly name: string;
  /** `s3://bucket/prefix/`. */
  readonly location: string;
  readonly inputFormat: string;
  readonly columns: readonly CatalogColumn[];
  /** Columns that stand in the keys, as `year=2025/`. */
  readonly partitionKeys: readonly CatalogColumn[];
}

const columnsOf = (inputs: Inputs[]): CatalogColumn[] =>
  inputs.map((column) => ({ name: column.text("name").toLowerCase(), type: column.text("type") }));

/** The program's tables. Those without a place (views, say) have nothing to be read here. */
export function catalogTables(graph: ResourceGraph): CatalogTable[] {
  return resourcesOf(graph, "aws:glue/catalogTable:CatalogTable").flatMap((resource) => {
    const inputs = new Inputs(resource);
    const storage = inputs.part("storageDescriptor");
    const location = storage?.optionalText("location");
    if (storage === undefined || location === undefined) return [];
    return [
      {
        database: inputs.text("databaseName").toLowerCase(),
        name: inputs.text("name").toLowerCase(),
        location,
        inputFormat: storage.optionalText("inputFormat") ?? "",
        columns: columnsOf(storage.parts("columns")),
        partitionKeys: columnsOf(inputs.parts("partitionKeys")),
      },
    ];
  });
}

/** A workgroup of Athena, and where results go when the caller does not say. */
export interface WorkGroup {
  readonly name: string;
  readonly outputLocation: string | undefined;
  /** Whether its location stands above the caller's. */
  readonly enforced: boolean;
}

/** The program's workgroups, and the one that every account has. */
export function workGroups(graph: ResourceGraph): ReadonlyMap<string, WorkGroup> {
  const groups = resourcesOf(graph, "aws:athena/workgroup:Workgroup").map((resource): WorkGroup => {
    const inputs = new Inputs(resource);
    const configuration = inputs.part("configuration");
    const outputLocation = configuration?.part("resultConfiguration")?.optionalText("outputLocation");
    const enforced = configuration?.optionalFlag("enforceWorkgroupConfiguration") ?? true;
    return { name: inputs.text("name"), outputLocation, enforced };
  });
  const primary: WorkGroup = { name: "primary", outputLocation: undefined, enforced: false };
  return new Map([primary, ...groups].map((group) => [group.name, group]));
}
