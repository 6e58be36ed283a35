import { type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";

/** What is kept, or answered, in a form that others read: by the name of its contract. */
export type Kept = Readonly<
  Record<string, { version: number; description: string; schema: v.GenericSchema }>
>;

/**
 * JSON Schemas (draft 2020-12) by their paths.
 * @param contractsOwn actions that JSON Schema has no words for: they stay with the contract
 */
export function keptSchemas(
  kept: Kept,
  contractsOwn: readonly string[],
): readonly { readonly path: string; readonly schema: JsonSchema }[] {
  return Object.entries(kept).map(([name, { version, description, schema }]) => ({
    path: `schemas/v${version}/${name}.json`,
    schema: {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      ...toJsonSchema(schema, {
        target: "draft-2020-12",
        errorMode: "throw",
        ignoreActions: [...contractsOwn],
        overrideAction: ({ valibotAction, jsonSchema }) => codePoints(valibotAction, jsonSchema),
      }),
      $id: `penstock/v${version}/${name}.json`,
      title: name,
      description,
    },
  }));
}

/** JSON Schema counts code points in its lengths. Source: RFC 8259, 8.3, by JSON Schema Validation, 6.3 */
function codePoints(action: object, schema: JsonSchema): JsonSchema | undefined {
  if (!("type" in action && "requirement" in action) || action.type !== "max_code_points") return undefined;
  return typeof action.requirement === "number" ? { ...schema, maxLength: action.requirement } : undefined;
}
