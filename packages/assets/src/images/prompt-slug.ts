/** Longest that a prompt is in a key, in characters. */
const LONGEST = 40;

/**
 * A prompt's words as a key has them: small Latin letters and digits, joined by dashes, words that may name a person left out (an
 * address, a long number). "image" where nothing is left.
 */
export function promptSlug(prompt: string): string {
  const words = prompt
    .normalize("NFKD")
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => !word.includes("@") && (word.match(/\p{Nd}/gu)?.length ?? 0) < 5)
    .flatMap((word) => word.replaceAll(/\p{M}/gu, "").match(/[a-z0-9]+/g) ?? []);
  const slug = words.reduce((joined, word) => {
    const longer = joined === "" ? word : `${joined}-${word}`;
    return longer.length <= LONGEST ? longer : joined;
  }, "");
  return slug || words[0]?.slice(0, LONGEST) || "image";
}
