import { task } from "@penstock/runtime";
import { forgetPerson } from "../personas/forget-person.ts";
import { ForgetPersonInput } from "../task-inputs.ts";
import { dnaPorts } from "./dna-ports.ts";

/** Removes all that there is of somebody who was marked as erased. */
export const handler = task(ForgetPersonInput, async (input, context) => {
  const done = await forgetPerson(input, dnaPorts(context, input.user));
  context.log.info("person forgotten", { ...done });
  return done;
});
