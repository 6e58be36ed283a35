import { task } from "@penstock/runtime";
import { writeDocument } from "../categorise/write-document.ts";
import { WriteDocumentInput } from "../task-inputs.ts";
import { dnaPorts } from "./dna-ports.ts";

/** Writes what an export tells. */
export const handler = task(WriteDocumentInput, async (input, context) => {
  const written = await writeDocument(input, dnaPorts(context, input.user));
  context.log.info("document written", { ...written });
  return written;
});
