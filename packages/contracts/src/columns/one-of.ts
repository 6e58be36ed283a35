import * as v from "valibot";

/** One of a few words, written exactly so. */
export function oneOf<const Options extends readonly string[]>(options: Options) {
  return v.picklist(options);
}
