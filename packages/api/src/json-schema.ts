import { type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";

/** What JSON Schema cannot say stands in the descriptions. */
const NOT_IN_JSON_SCHEMA = ["check", "finite", "max_bytes", "partial_check", "well_formed"];

/** JSON Schema counts code points in its lengths. Source: RFC 8259, 8.3, by JSON Schema Validation, 6.3 */
const LENGTHS: Readonly<Record<string, string>> = {
  max_code_points: "maxLength",
  min_code_points: "minLength",
};

/** A contract as a schema in the API's description: of what callers send and are given. */
export function schemaOf(schema: v.GenericSchema): object {
  const { $schema: _, ...rest } = toJsonSchema(schema, {
    target: "draft-2020-12",
    errorMode: "throw",
    typeMode: "input",
    ignoreActions: NOT_IN_JSON_SCHEMA,
    overrideAction: ({ valibotAction, jsonSchema }) => length(valibotAction, jsonSchema),
  });
  return rest;
}

function length(action: object, schema: JsonSchema): JsonSchema | undefined {
  if (!("type" in action && "requirement" in action)) return undefined;
  const keyword = LENGTHS[String(action.type)];
  return keyword === undefined ? undefined : { ...schema, [keyword]: action.requirement };
}
