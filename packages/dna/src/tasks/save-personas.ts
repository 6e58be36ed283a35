import { task } from "@penstock/runtime";
import { savePersonas } from "../personas/save-personas.ts";
import { SavePersonasInput } from "../task-inputs.ts";
import { dnaPorts } from "./dna-ports.ts";

/** Writes a person's personas. */
export const handler = task(SavePersonasInput, async (input, context) => {
  const done = await savePersonas(input, dnaPorts(context, input.user));
  context.log.info("personas saved", { ...done });
  return done;
});
