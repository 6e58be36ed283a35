import { task } from "@penstock/runtime";
import { updatePersona } from "../personas/update-persona.ts";
import { UpdatePersonaInput } from "../task-inputs.ts";
import { modelPorts } from "./model-ports.ts";

/** Lets the model describe one type of a person's personas. */
export const handler = task(UpdatePersonaInput, async (input, context) => {
  const done = await updatePersona(input, modelPorts(context, input.user));
  context.log.info("persona updated", { ...done });
  return done;
});
