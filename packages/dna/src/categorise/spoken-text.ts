import { WHAT_LENGTH } from "@penstock/contracts";

/** Characters that steer a terminal or a page, or cannot be seen. */
const UNSEEN = /[\p{Cf}\p{Co}\p{Cs}]/gu;
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/gu;
const MARKUP = /<\/?[a-z!][^<>]*>/gi;
const URL_QUERY = /(https?:\/\/[^\s?#]*)[?#]\S*/gi;

/**
 * What a model wrote, as one line of plain text without queries of URLs, cut to what an item holds or to as many code points;
 * "" where nothing is left.
 */
export function spokenText(text: string, most: number = WHAT_LENGTH): string {
  const line = text
    .normalize("NFC")
    .replace(CONTROL, " ")
    .replace(UNSEEN, "")
    .replace(MARKUP, " ")
    .replace(URL_QUERY, "$1")
    .replace(/\s+/g, " ")
    .trim();
  return [...line].slice(0, most).join("").trim();
}
