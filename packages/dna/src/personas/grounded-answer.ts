import { type DnaCategory, type PersonaTraits, personaTraits } from "@penstock/contracts";
import { textFlags } from "@penstock/runtime/flags";
import { AnswerRefused } from "@penstock/runtime/model";
import * as v from "valibot";
import { fold } from "../categorise/fold.ts";
import { repeatsOf, saysMoreThan } from "../categorise/says-more.ts";
import { spokenText } from "../categorise/spoken-text.ts";
import type { personaForms } from "../prompts/index.ts";
import type { ShownFact } from "./persona-message.ts";

/** What the model answers about a type. */
export type DescribedPersona = v.InferOutput<PersonaContract>;
/** By which an answer about a type is parsed. */
export type PersonaContract = (typeof personaForms)[DnaCategory]["contract"];

/** What of it a persona is made of. */
export interface GroundedAnswer {
  readonly summary: string;
  readonly insights: string[];
  readonly traits: PersonaTraits;
}

/** Code points, and entries, that a persona has room for. */
const MOST = { summary: 600, insight: 200, insights: 10, word: 80, words: 12 } as const;
/** Longest text that is looked at of what a model said at once. */
const READ = 2000;

const sentences = new Intl.Segmenter("en", { granularity: "sentence" });

/**
 * What of an answer stands on the facts that were shown: sentences of the summary and insights whose names, long numbers,
 * addresses and ids are in the facts, insights that cite one, entries of traits that a fact has word for word. The rest is left
 * out, and so is what repeats the prompt or may be meant to instruct whoever reads the persona.
 * @throws {AnswerRefused} when nothing is left of the summary
 */
export function groundedAnswer(
  { type, facts, prompt }: { type: DnaCategory; facts: readonly ShownFact[]; prompt: string },
  { summary, insights, traits }: DescribedPersona,
): GroundedAnswer {
  const ids = new Set(facts.map(({ id }) => id));
  const known = facts.map(({ what }) => fold(what));
  const isNamed = (name: string) => name !== "" && known.some((fact) => has(fact, name));
  const more = saysMoreThan(facts.map(({ kind, what }) => `${kind} ${what}`).join("\n"));
  const repeats = repeatsOf(prompt);
  const stands = (text: string) =>
    text !== "" && !more(text) && !repeats(text) && textFlags(text).length === 0;

  const told = spokenText(summary, READ);
  const kept = repeats(told)
    ? ""
    : leading([...sentences.segment(told)].map(({ segment }) => segment.trim()).filter(stands));
  if (kept === "")
    throw new AnswerRefused(
      "summary: no sentence of it follows from the facts alone, in at most 600 characters.",
    );

  return {
    summary: kept,
    insights: insights
      .filter((insight) => insight.facts.some((id) => ids.has(id)))
      .map(({ text }) => spokenText(text, READ))
      .filter((text) => length(text) <= MOST.insight && stands(text))
      .slice(0, MOST.insights),
    traits: v.parse(
      personaTraits[type],
      Object.fromEntries(
        Object.entries(traits).map(([name, said]) => [name, Array.isArray(said) ? words(said) : word(said)]),
      ),
    ),
  };

  function word(said: string | null): string | null {
    const text = spokenText(said ?? "", READ);
    return length(text) <= MOST.word && stands(text) ? text : null;
  }

  function words(said: readonly string[]): string[] {
    const entries = said
      .map((each) => spokenText(each, READ))
      .filter((each) => length(each) <= MOST.word && stands(each) && isNamed(fold(each)));
    return [...new Map(entries.toReversed().map((each) => [fold(each), each])).values()]
      .toReversed()
      .slice(0, MOST.words);
  }
}

/** As many of the first sentences as a summary holds. */
function leading(all: readonly string[]): string {
  let text = "";
  for (const sentence of all) {
    const longer = text === "" ? sentence : `${text} ${sentence}`;
    if (length(longer) > MOST.summary) break;
    text = longer;
  }
  return text;
}

function length(text: string): number {
  return [...text].length;
}

/** Whether a text has another one, which has a character at least, as whole words. */
function has(text: string, words: string): boolean {
  const letter = (character: string | undefined) =>
    character !== undefined && /[\p{L}\p{N}]/u.test(character);
  for (let at = text.indexOf(words); at !== -1; at = text.indexOf(words, at + 1))
    if (!letter(text[at - 1]) && !letter(text[at + words.length])) return true;
  return false;
}
