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

/** Whether texts, one after the other, repeat a piece of what models are told to be. */
export function repeatsSystemText(texts: readonly string[]): boolean {
  const said = letters(texts.join(""));
  for (let at = 0; at + PIECE <= said.length; at += 1) {
    const piece = said.slice(at, at + PIECE);
    if (known.some((text) => text.includes(piece))) return true;
  }
  return false;
}
