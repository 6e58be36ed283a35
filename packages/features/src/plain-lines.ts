import { deviceTypes, interactionTypes } from "@penstock/contracts";

/**
 * The lines that nearly all are: an object of the contract's fields in its order, each once, of the right type and form,
 * its moment with `Z`, its context a few plain words. Of such lines one expression over a whole piece of a file says what
 * takes ten looks at any other: five million are landed in half the time. It must accept nothing that the contract does
 * not, and need not accept all that it does; a test holds the two together.
 *
 * Left to be checked of a plain line: whether its moment is on the calendar, and on its day.
 */
const PLAIN = plainLine();

/** Whether a line, without the end of it, is plain. */
export function isPlain(line: string): boolean {
  return ONE.test(line);
}

/** Whether a text is nothing but plain lines; the last one may lack its end. */
export function arePlain(lines: string): boolean {
  return MANY.test(lines);
}

const ONE = new RegExp(`^${PLAIN}\\r?$`);
const MANY = new RegExp(`^(?:${PLAIN}\\r?\\n)*(?:${PLAIN})?$`);

function plainLine(): string {
  const id = "[A-Za-z0-9_-]{1,64}";
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
    rating: "(?:[1-4](?:[.][0-9]{1,6})?|5(?:[.]0)?)",
    device_type: `"${word(deviceTypes)}"`,
    page_context: '"[a-z_-]{1,64}"',
  };
  const given = Object.entries(required).map(([name, form]) => `"${name}": ?"${form}"`);
  const maybe = Object.entries(optional).map(([name, form]) => `(?:, ?"${name}": ?(?:null|${form}))?`);
  return `[{]${given.join(", ?")}${maybe.join("")}[}]`;
}
