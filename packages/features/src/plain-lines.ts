import { deviceTypes, interactionTypes } from "@penstock/contracts";

/**
 * The lines that nearly all are: an object of the contract's fields in its order, each once, of the right type and form,
 * its moment with `Z`, its context a few plain words. Of such a line one expression says what takes ten looks at any other:
 * five million lines are landed in half the time. It must accept nothing that the contract does not, and need not accept
 * all that it does; a test holds the two together.
 *
 * Left to be checked of a plain line: {@link PLAIN_IDS}' lengths, and its moment.
 */
export const PLAIN_LINE: string = plainLine();

/** The fields of a plain line that may still be too long. */
export const PLAIN_IDS = ["interaction_id", "user_id", "product_id", "session_id"] as const;

function plainLine(): string {
  const id = "[A-Za-z0-9_-]+";
  const word = (words: readonly string[]) => `(?:${words.join("|")})`;
  const time =
    "(?:19[7-9]|20[0-9])[0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,6})?Z";
  const required = {
    interaction_id: id,
    user_id: id,
    product_id: id,
    interaction_type: word(interactionTypes),
    timestamp: time,
    session_id: id,
  };
  const optional = {
    rating: "[1-4](?:[.][0-9]{1,6})?|5(?:[.]0)?",
    device_type: `"${word(deviceTypes)}"`,
    page_context: '"[a-z_-]{1,64}"',
  };
  const given = Object.entries(required).map(([name, form]) => `"${name}": ?"${form}"`);
  const maybe = Object.entries(optional).map(([name, form]) => `(?:, ?"${name}": ?(?:null|${form}))?`);
  return `[{]${given.join(", ?")}${maybe.join("")}[}]`;
}
