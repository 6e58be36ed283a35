import { campaignPrompts } from "../prompts/index.ts";

/** Letters in a row that nobody writes by chance. */
const PIECE = 40;

/** A text by its letters and digits alone, however it is broken up. */
function letters(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}

const known = campaignPrompts.map(({ system }) => letters(system));

/**
 * Which of some texts, by its number, is where a piece of what models are told to be begins, if one does: it may go on in the
 * texts after it.
 */
export function systemTextAt(texts: readonly string[]): number | undefined {
  let said = "";
  const ends = texts.map((text) => {
    said += letters(text);
    return said.length;
  });
  for (let at = 0; at + PIECE <= said.length; at += 1) {
    const piece = said.slice(at, at + PIECE);
    if (known.some((text) => text.includes(piece))) return ends.findIndex((end) => end > at);
  }
  return undefined;
}

/** Whether texts, one after the other, repeat a piece of what models are told to be. */
export function repeatsSystemText(texts: readonly string[]): boolean {
  return systemTextAt(texts) !== undefined;
}
