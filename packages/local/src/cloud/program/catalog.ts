import { type ResourceGraph, resourcesOf } from "../../render/graph.ts";
import { type Column, DatabaseInput, shaped, TableInput } from "../glue/catalog/shapes.ts";
import { Inputs } from "./inputs.ts";

/** What the program puts into the Glue catalogue. */
export interface DeclaredCatalog {
  readonly databases: readonly DatabaseInput[];
  readonly tables: readonly { readonly database: string; readonly input: TableInput }[];
}

const columnsOf = (inputs: Inputs[]): Column[] =>
  inputs.map((column) => ({
    Name: column.text("name"),
    Type: column.optionalText("type") ?? "string",
    ...optional("Comment", column.optionalText("comment")),
  }));

const optional = (name: string, value: unknown) => (value === undefined ? {} : { [name]: value });

/** The program's databases and tables, as CreateDatabase and CreateTable would be given them. */
export function declaredCatalog(graph: ResourceGraph): DeclaredCatalog {
  const databases = resourcesOf(graph, "aws:glue/catalogDatabase:CatalogDatabase").map((resource) => {
    const inputs = new Inputs(resource);
    const given = {
      Name: inputs.text("name"),
      ...optional("Description", inputs.optionalText("description")),
      ...optional("LocationUri", inputs.optionalText("locationUri")),
      Parameters: inputs.record("parameters"),
    };
    return shaped(DatabaseInput, given, resource.name);
  });
  const tables = resourcesOf(graph, "aws:glue/catalogTable:CatalogTable").map((resource) => {
    const inputs = new Inputs(resource);
    const given = {
      Name: inputs.text("name"),
      ...optional("Description", inputs.optionalText("description")),
      ...optional("TableType", inputs.optionalText("tableType")),
      Parameters: inputs.record("parameters"),
      PartitionKeys: columnsOf(inputs.parts("partitionKeys")),
      ...optional("StorageDescriptor", descriptorOf(inputs.part("storageDescriptor"))),
    };
    return {
      database: inputs.text("databaseName").toLowerCase(),
      input: shaped(TableInput, given, resource.name),
    };
  });
  const known = new Set(databases.map(({ Name }) => Name));
  const elsewhere = new Set(tables.map(({ database }) => database).filter((name) => !known.has(name)));
  return { databases: [...databases, ...[...elsewhere].map((Name) => ({ Name }))], tables };
}

function descriptorOf(storage: Inputs | undefined): object | undefined {
  if (storage === undefined) return undefined;
  const serde = storage.part("serDeInfo") ?? storage.part("serdeInfo");
  return {
    Columns: columnsOf(storage.parts("columns")),
    ...optional("Location", storage.optionalText("location")),
    ...optional("InputFormat", storage.optionalText("inputFormat")),
    ...optional("OutputFormat", storage.optionalText("outputFormat")),
    Parameters: storage.record("parameters"),
    ...(serde === undefined
      ? {}
      : {
          SerdeInfo: {
            ...optional("SerializationLibrary", serde.optionalText("serializationLibrary")),
            Parameters: serde.record("parameters"),
          },
        }),
  };
}
