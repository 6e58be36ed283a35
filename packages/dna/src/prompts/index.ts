import type { Prompt } from "@penstock/runtime/model";
import { categoriseV1 } from "./categorise-v1.ts";
import { personaV1 } from "./persona-v1.ts";

export { CategoriseAnswer, categoriseForm, categoriseV1 } from "./categorise-v1.ts";
export { personaForms, personaV1 } from "./persona-v1.ts";

/** Every prompt of Digital DNA that there is or was. A version never changes: a test has their digests. */
export const dnaPrompts: readonly Prompt[] = [categoriseV1, personaV1];
