import { task } from "@penstock/runtime";
import { loadPersonas } from "../personas/load-personas.ts";
import { LoadPersonasInput } from "../task-inputs.ts";
import { dnaPorts } from "./dna-ports.ts";

/** Reads a person's documents and plans their personas. */
export const handler = task(LoadPersonasInput, async (input, context) => {
  const done = await loadPersonas(input, dnaPorts(context, input.user));
  context.log.info("personas planned", { ...done });
  return done;
});
