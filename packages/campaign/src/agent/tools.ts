import { answerForm } from "@penstock/runtime/model";
import * as v from "valibot";
import { draftForm } from "../prompts/forms.ts";

const ImageAnalysisCall = v.strictObject({
  max_labels: v.pipe(v.number(), v.integer(), v.description("How many labels to show, 1 to 50")),
});
const DataEnrichmentCall = v.strictObject({
  keywords: v.pipe(
    v.nullable(v.string()),
    v.description(
      "Words to search videos by, at most 80 characters; null for the product's name and category",
    ),
  ),
});
const CulturalIntelligenceCall = v.strictObject({
  market: v.pipe(v.string(), v.description("The code of one of the markets that are asked for")),
});

const forms = [
  answerForm("image_analysis", "Says what is seen in the product's picture", ImageAnalysisCall),
  answerForm("data_enrichment", "Finds videos about such products, with their numbers", DataEnrichmentCall),
  answerForm("cultural_intelligence", "Says what to know about one market", CulturalIntelligenceCall),
  draftForm,
] as const;

/** A tool as Converse is told of it. */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: { readonly json: object };
}

/**
 * The tools of the agent. The first three are the functions of the sequence: which product they are about is said by the
 * state machine, never by the model. The last is run by nobody: its input is the draft.
 */
export const toolSpecs: readonly ToolSpec[] = forms.map(({ name, description, schema }) => {
  // Nova refuses any other member at the top of a tool's schema.
  const { type, properties, required } = schema;
  return { name, description, inputSchema: { json: { type, properties, required } } };
});
