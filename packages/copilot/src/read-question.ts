import { Refused } from "./guard/refused.ts";
import { holdsCard } from "./personal-data.ts";

/** Characters of a question. */
const MOST_CHARACTERS = 500;

/**
 * What of a question a person would see: control and format characters are taken out, which can hide words or turn
 * their order; other forms of a letter become the letter.
 * @throws {Refused} empty_question, question_too_long, card_number
 */
export function readQuestion(question: string): string {
  const seen = question
    .normalize("NFKC")
    .replaceAll(/[\p{Cc}\p{Zs}\p{Zl}\p{Zp}]+/gu, " ")
    .replaceAll(/[\p{Cf}\p{Co}\p{Cs}\p{Cn}]/gu, "")
    .trim();
  if ([...question].length > MOST_CHARACTERS)
    throw new Refused("question_too_long", `Ask in ${MOST_CHARACTERS} characters at most.`);
  if (!/[\p{L}\p{N}]/u.test(seen)) throw new Refused("empty_question", "Ask something: there are no words.");
  if (holdsCard(seen))
    throw new Refused(
      "card_number",
      "The question holds a card number. Ask without it: no mart knows cards.",
    );
  return seen;
}
