import { categorised } from "./categorise.ts";
import { described } from "./describe.ts";

/** The forms that these rules can fill, by name; each takes the first message and gives the answer. */
export const formRules: Readonly<Record<string, (message: string) => object>> = {
  categorise_export: categorised,
  describe_persona: described,
};
