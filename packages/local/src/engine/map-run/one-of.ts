import type { Fields } from "../fields.ts";

/** A text that must be one of a few; noted when it is another. */
export function oneOf<Text extends string>(
  fields: Fields | undefined,
  name: string,
  allowed: readonly Text[],
): Text | undefined {
  const value = fields?.string(name);
  const found = allowed.find((text) => text === value);
  if (value !== undefined && found === undefined)
    fields?.note(`The value must be one of ${allowed.join(", ")}`, name);
  return found;
}
