import { campaignSchemas } from "./campaign/campaign-schemas.ts";
import { jsonSchema } from "./compile/json-schema.ts";
import type { Contract } from "./contract.ts";
import { dnaSchemas } from "./dna/dna-schemas.ts";
import { featureSchema } from "./features/feature-schema.ts";
import { featureTables } from "./features/feature-tables.ts";
import { contracts } from "./tables/contracts.ts";

/** The committed JSON Schema files of every contract: path from the repository's root → exact content. */
export function schemaFiles(): ReadonlyMap<string, string> {
  return new Map(
    Object.values<Contract>(contracts).map((contract) => [
      `schemas/v${contract.version}/${contract.name}.json`,
      `${JSON.stringify(jsonSchema(contract), null, 2)}\n`,
    ]),
  );
}

/**
 * The committed JSON Schema files of the features. A version's file never changes: what is published under it, and what a
 * model was trained on, goes on meaning the same.
 */
export function featureSchemaFiles(): ReadonlyMap<string, string> {
  return new Map(
    Object.values(featureTables).map((table) => [
      `schemas/v${table.version}/${table.name}.json`,
      `${JSON.stringify(featureSchema(table), null, 2)}\n`,
    ]),
  );
}

/** The committed JSON Schema files of what Digital DNA keeps. A version's file never changes: others read these objects. */
export function dnaSchemaFiles(): ReadonlyMap<string, string> {
  return new Map(dnaSchemas().map(({ path, schema }) => [path, `${JSON.stringify(schema, null, 2)}\n`]));
}

/** The committed JSON Schema files of campaigns. A version's file never changes: callers read these answers. */
export function campaignSchemaFiles(): ReadonlyMap<string, string> {
  return new Map(campaignSchemas().map(({ path, schema }) => [path, `${JSON.stringify(schema, null, 2)}\n`]));
}
