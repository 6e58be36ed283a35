/** Characters of a prompt that nobody writes by chance. */
const PROMPT_PIECE = 40;
/** Numbers of six digits or more, however grouped, addresses and ids of people. */
const TELLING = /\d(?:[ .,\-/]?\d){5,}|\S*@\S+|usr_\w+/g;
/** Words that are written as names are; the first of a sentence is written so anyhow. */
const NAMES = /(?<!^|[.!?:] )(?<![\p{L}\p{N}])\p{Lu}[\p{L}\p{M}\p{N}'’&-]+/gu;

/**
 * Tells of texts whether they have a number, an address, an id or a name that does not stand in what was shown: whoever said
 * it did not read it there.
 */
export function saysMoreThan(shown: string): (text: string) => boolean {
  const bare = (text: string) =>
    text
      .normalize("NFKC")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}@_]/gu, "");
  const there = bare(shown);
  return (text) =>
    [...(text.match(TELLING) ?? []), ...(text.match(NAMES) ?? [])].some(
      (piece) => !there.includes(bare(piece)),
    );
}

/** Tells of texts whether they repeat a piece of a prompt. */
export function repeatsOf(prompt: string): (text: string) => boolean {
  const known = letters(prompt);
  return (text) => {
    const said = letters(text);
    for (let at = 0; at + PROMPT_PIECE <= said.length; at += 1)
      if (known.includes(said.slice(at, at + PROMPT_PIECE))) return true;
    return false;
  };
}

function letters(text: string): string {
  return text.normalize("NFC").replace(/\s+/g, " ").trim().toLowerCase();
}
