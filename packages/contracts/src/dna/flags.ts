import * as v from "valibot";
import { DnaEvidence } from "./evidence.ts";

/**
 * What can be suspicious about a file: that it means to instruct whoever reads it (`instruction`, in an encoded form
 * `encoded_instruction`, in what nobody sees of a page `hidden_markup`), has characters that cannot be seen
 * (`hidden_characters`), plays a turn of a conversation (`role_marker`) or the end of our own fence (`fence_break`), has
 * a name that reaches elsewhere (`hostile_name`), or that the model's answers about it were not what was asked for.
 */
export const flagCodes = [
  "instruction",
  "encoded_instruction",
  "hidden_characters",
  "hidden_markup",
  "role_marker",
  "fence_break",
  "hostile_name",
  "answer_outside_contract",
  "unfounded_items",
] as const;
export type FlagCode = (typeof flagCodes)[number];

/** How often something suspicious was found, and where first; no place where it is the whole file's. */
export const DnaFlag = v.strictObject({
  code: v.picklist(flagCodes),
  evidence: v.nullable(DnaEvidence),
  count: v.pipe(v.number(), v.integer(), v.minValue(1)),
});
export type DnaFlag = v.InferOutput<typeof DnaFlag>;
