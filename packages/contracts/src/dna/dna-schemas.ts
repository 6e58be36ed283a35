import { type Kept, keptSchemas } from "../kept-schemas.ts";
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
} as const satisfies Kept;

/**
 * JSON Schemas (draft 2020-12) by their paths. Checks that JSON Schema has no words for stay with the contract: that exactly
 * one of row and offset is given, that confidence is in hundredths, that a text is one line, and what a file may be called.
 */
export const dnaSchemas = () => keptSchemas(kept, ["check", "max_bytes"]);
