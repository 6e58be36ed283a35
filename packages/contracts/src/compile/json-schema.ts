import { type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import { isDate } from "../actions/iso-date.ts";
import { isTimestamp } from "../actions/iso-timestamp.ts";
import type { Contract } from "../contract.ts";

/** A JSON Schema (draft 2020-12) of one record, with what JSON Schema cannot say under `x-penstock`. */
export interface ContractJsonSchema extends JsonSchema {
  readonly "x-penstock": {
    readonly version: number;
    readonly primaryKey: readonly string[];
    readonly latestBy: string;
    readonly references: Contract["references"];
    readonly sensitive: Contract["sensitive"];
    readonly rules: Contract["rules"];
  };
}

/** The record form of a contract: moments and dates as ISO 8601 text, numbers as JSON numbers. */
export function jsonSchema(contract: Contract): ContractJsonSchema {
  const record = toJsonSchema(contract.schema, {
    target: "draft-2020-12",
    errorMode: "throw",
    overrideSchema: ({ valibotSchema }) => momentSchema(valibotSchema),
    overrideAction: ({ valibotAction, jsonSchema: schema }) => actionSchema(valibotAction, schema),
  });
  return {
    ...record,
    $id: `penstock/v${contract.version}/${contract.name}.json`,
    title: contract.name,
    description: contract.description,
    "x-penstock": {
      version: contract.version,
      primaryKey: contract.primaryKey,
      latestBy: contract.latestBy,
      references: contract.references,
      sensitive: contract.sensitive,
      rules: contract.rules,
    },
  };
}

/** JSON Schema's own `date-time` demands a zone, which the record form never has: its form is a pattern. */
const TIMESTAMP_PATTERN = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?$";

function momentSchema(schema: object): JsonSchema | undefined {
  if (!("check" in schema)) return undefined;
  if (schema.check === isTimestamp) return { type: "string", pattern: TIMESTAMP_PATTERN };
  return schema.check === isDate ? { type: "string", format: "date" } : undefined;
}

function actionSchema(action: object, schema: JsonSchema): JsonSchema | undefined {
  if (!("type" in action)) return undefined;
  const requirement = "requirement" in action ? action.requirement : undefined;
  const annotated = (key: string) => ({ ...schema, [key]: requirement });
  switch (action.type) {
    case "min_code_points":
      return annotated("minLength");
    case "max_code_points":
      return annotated("maxLength");
    case "decimals":
      // Not multipleOf: validators divide doubles, and refuse 4.35 as no multiple of 0.01.
      return annotated("x-decimal");
    case "finite":
    case "well_formed":
      return { ...schema };
    case "min_value":
      return typeof requirement === "string" ? annotated("x-minimum") : undefined;
    case "max_value":
      return typeof requirement === "string" ? annotated("x-maximum") : undefined;
    default:
      return undefined;
  }
}
