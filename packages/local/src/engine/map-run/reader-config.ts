import { type Fields, isInteger } from "../fields.ts";
import type { Typed } from "../template.ts";
import type { ObjectFormat } from "./object-items.ts";
import { oneOf } from "./one-of.ts";

/** What an ItemReader reads, and how. */
export type Dataset =
  /** What S3 tells of the objects in a bucket. */
  | { readonly kind: "listed" }
  /** What is inside of the objects in a bucket. */
  | { readonly kind: "itemsOfListed"; readonly format: ObjectFormat }
  /** What is inside of one object. */
  | { readonly kind: "object"; readonly format: ObjectFormat }
  /** An S3 inventory, by its manifest. */
  | { readonly kind: "inventory" }
  /** What is inside of the objects that an Athena UNLOAD wrote, by its manifest. */
  | { readonly kind: "unloaded"; readonly format: ObjectFormat };

export interface ReaderConfig {
  readonly dataset: Dataset;
  readonly maxItems: Typed<number> | undefined;
}

const configFields = new Set([
  "InputType",
  "Transformation",
  "ManifestType",
  "CSVHeaderLocation",
  "CSVHeaders",
  "CSVDelimiter",
  "MaxItems",
  "ItemsPointer",
]);

const delimiters: Readonly<Record<string, string>> = {
  COMMA: ",",
  PIPE: "|",
  SEMICOLON: ";",
  SPACE: " ",
  TAB: "\t",
};

/** Compiles the `ReaderConfig` of an ItemReader (which `fields` are) whose resource is an action of S3. */
export function readerConfig(fields: Fields, action: "getObject" | "listObjectsV2"): ReaderConfig {
  const config = fields.object("ReaderConfig");
  config?.refuseAllBut(configFields);
  const maxItems = config?.typed("MaxItems", isInteger, "integer");
  if (typeof config?.value.MaxItems === "number" && config.value.MaxItems < 0)
    config.note("The value must not be negative", "MaxItems");
  const dataset = action === "getObject" ? ofObject(fields, config) : ofListing(fields, config);
  return { dataset, maxItems };
}

function ofListing(fields: Fields, config: Fields | undefined): Dataset {
  const transformation = oneOf(config, "Transformation", ["NONE", "LOAD_AND_FLATTEN"]) ?? "NONE";
  if (config?.has("ManifestType")) config.note("Only s3:getObject reads a manifest", "ManifestType");
  if (transformation === "NONE") return { kind: "listed" };
  return { kind: "itemsOfListed", format: objectFormat(fields, config, ["CSV", "JSON", "JSONL", "PARQUET"]) };
}

function ofObject(fields: Fields, config: Fields | undefined): Dataset {
  if (config?.has("Transformation"))
    config.note("Only what s3:listObjectsV2 lists can be transformed", "Transformation");
  const manifest = oneOf(config, "ManifestType", ["ATHENA_DATA", "S3_INVENTORY"]);
  if (manifest === "S3_INVENTORY") {
    if (config?.has("InputType"))
      config.note("'InputType' excludes the 'ManifestType' S3_INVENTORY", "InputType");
    return { kind: "inventory" };
  }
  if (manifest === "ATHENA_DATA")
    return { kind: "unloaded", format: objectFormat(fields, config, ["CSV", "JSONL", "PARQUET"]) };
  if (config?.value.InputType === "MANIFEST") return { kind: "inventory" };
  const formats = ["CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"];
  return { kind: "object", format: objectFormat(fields, config, formats) };
}

function objectFormat(fields: Fields, config: Fields | undefined, allowed: readonly string[]): ObjectFormat {
  const type = config?.string("InputType");
  if (type === undefined || !allowed.includes(type))
    fields.note(`The value must be one of ${allowed.join(", ")}`, "ReaderConfig/InputType");
  const pointer = config?.string("ItemsPointer");
  if (pointer !== undefined && type !== "JSON") config?.note("Only JSON has a pointer", "ItemsPointer");
  if (pointer !== undefined && !/^(\/|$)/.test(pointer))
    config?.note("The value must be a JSON pointer, which starts with '/'", "ItemsPointer");
  switch (type) {
    case "CSV":
      return csvFormat(fields, config);
    case "JSONL":
    case "PARQUET":
      return { type };
    default:
      return { type: "JSON", pointer };
  }
}

function csvFormat(fields: Fields, config: Fields | undefined): ObjectFormat {
  const location = config?.string("CSVHeaderLocation");
  if (location !== "FIRST_ROW" && location !== "GIVEN")
    fields.note("The value must be FIRST_ROW or GIVEN", "ReaderConfig/CSVHeaderLocation");
  if (location === "GIVEN") config?.required("CSVHeaders");
  const delimiter = delimiters[config?.string("CSVDelimiter") ?? "COMMA"];
  if (delimiter === undefined)
    config?.note(`The value must be one of ${Object.keys(delimiters).join(", ")}`, "CSVDelimiter");
  const headers = location === "GIVEN" ? config?.strings("CSVHeaders") : undefined;
  return { type: "CSV", headers, delimiter: delimiter ?? "," };
}
