import { task } from "@penstock/runtime";
import { categoriseChunk } from "../categorise/categorise-chunk.ts";
import { CategoriseChunkInput } from "../task-inputs.ts";
import { modelPorts } from "./model-ports.ts";

/** Categorises a chunk of an export. */
export const handler = task(CategoriseChunkInput, async (input, context) => {
  const categorised = await categoriseChunk(input, modelPorts(context, input.user));
  context.log.info("chunk categorised", { ...categorised });
  return categorised;
});
