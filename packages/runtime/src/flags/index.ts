/** Signs in text from outside that somebody means a language model to obey it. Apart from the runtime's index: few tasks look. */
export { hiddenTextFlags, nameFlags, textFlags } from "./flags.ts";
