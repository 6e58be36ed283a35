import { task } from "@penstock/runtime";
import { writeDocument } from "../categorise/write-document.ts";
import { WriteDocumentInput } from "../task-inputs.ts";
import { dnaPorts } from "./dna-ports.ts";

/** Writes what an export tells. */
export const handler = task(WriteDocumentInput, async (input, context) => {
  const written = await writeDocument(input, dnaPorts(context, input.user));
  context.metrics.addMetric("ExportsWritten", "Count", 1);
  context.metrics.addMetric("ExportsFlagged", "Count", written.flags.length > 0 ? 1 : 0);
  context.metrics.addMetric("ExportChunksFailed", "Count", written.failed_chunks);
  context.log.info("document written", { ...written });
  return written;
});
