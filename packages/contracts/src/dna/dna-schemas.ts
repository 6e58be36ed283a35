import { type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import { DnaDocument } from "./document.ts";
import { PersonaAnswer, Personas } from "./persona.ts";

/** What is kept about people, by the name and version of its contract. */
const kept = {
  dna_document: {
    version: 1,
    description: "What one export tells about a person: <user>/stage2/<file>.json",
    schema: DnaDocument,
  },
  personas: {
    version: 1,
    description: "What all exports of a person tell: <user>/stage3/personas.json",
    schema: Personas,
  },
  persona_answer: {
    version: 1,
    description: "What the model said of the facts of one type: <user>/stage3/answers/<type>.json",
    schema: PersonaAnswer,
  },
} as const satisfies Readonly<
  Record<string, { version: number; description: string; schema: v.GenericSchema }>
>;

/**
 * JSON Schemas (draft 2020-12) by their paths. Checks that JSON Schema has no words for stay with the contract: that exactly
 * one of row and offset is given, that confidence is in hundredths, that a text is one line, and what a file may be called.
 */
export function dnaSchemas(): readonly { readonly path: string; readonly schema: JsonSchema }[] {
  return Object.entries(kept).map(([name, { version, description, schema }]) => ({
    path: `schemas/v${version}/${name}.json`,
    schema: {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      ...toJsonSchema(schema, {
        target: "draft-2020-12",
        errorMode: "throw",
        ignoreActions: ["check", "max_bytes"],
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
