import { type FlagCode, flagCodes } from "@penstock/contracts";
import { addressesModel } from "./addressed.ts";
import { asksForWhatWasBefore } from "./before-this.ts";
import { decodedForms } from "./decoded-forms.ts";
import { hidesCharacters } from "./hidden-characters.ts";
import { hasForeignOrder } from "./languages.ts";
import { hasOrder } from "./near-words.ts";
import { hasPhrase } from "./phrases.ts";
import { plainLetters } from "./plain-letters.ts";
import { breaksFence, playsRole } from "./roles.ts";

/** Encodings within encodings that are looked through. */
const DEEPEST = 3;
/** UTF-16 units that are looked at together, each of whose forms is as long; and how many of them are of two windows. */
const WINDOW = { units: 1 << 19, shared: 1 << 16 };
/** Decoded texts of one text that are looked at. */
const MOST_FORMS = 200;

/**
 * What is suspicious about a text, as it stands and in every form that it can be decoded to; for most nothing. Give it all
 * that a file says, names, headers and what no reader sees included, before anything is cut off.
 */
export function textFlags(text: string): readonly FlagCode[] {
  const codes = new Set<FlagCode>();
  for (const part of windows(text)) {
    if (hidesCharacters(part)) codes.add("hidden_characters");
    if (playsRole(part)) codes.add("role_marker");
    if (breaksFence(part)) codes.add("fence_break");
    if (instructs(part)) codes.add("instruction");
    if (encoded(part)) codes.add("encoded_instruction");
  }
  return inOrder(codes);
}

/** A text, or parts of a long one that have something of their neighbours. */
function* windows(text: string): Generator<string> {
  let at = 0;
  while (text.length - at > WINDOW.units) {
    yield text.slice(at, at + WINDOW.units);
    at += WINDOW.units - WINDOW.shared;
  }
  yield text.slice(at);
}

/** {@link textFlags} of what a page has and does not show: comments, attributes, hidden elements. */
export function hiddenTextFlags(text: string): readonly FlagCode[] {
  const codes = textFlags(text);
  return codes.length === 0 ? codes : inOrder(new Set([...codes, "hidden_markup"]));
}

/** Parts of a path that lead elsewhere than down. */
const ELSEWHERE = /(?:^|[/\\])\.\.?(?:[/\\]|$)|^[/\\]|\/\/|^[a-z]:|\\|[\p{Cc}\u202a-\u202e\u2066-\u2069]/iu;

/** What is suspicious about the name of a file or of a member of a ZIP, which may reach elsewhere besides. */
export function nameFlags(name: string): readonly FlagCode[] {
  const codes = new Set(textFlags(name));
  if (ELSEWHERE.test(name)) codes.add("hostile_name");
  return inOrder(codes);
}

function instructs(text: string): boolean {
  const letters = plainLetters(text);
  return (
    hasPhrase(letters) ||
    hasOrder(letters) ||
    hasForeignOrder(letters) ||
    addressesModel(letters) ||
    asksForWhatWasBefore(letters)
  );
}

function encoded(text: string): boolean {
  let forms = [text];
  let looked = 0;
  for (let depth = 0; depth < DEEPEST && forms.length > 0; depth += 1) {
    forms = forms.flatMap(decodedForms).slice(0, MOST_FORMS - looked);
    looked += forms.length;
    if (forms.some((form) => instructs(form) || playsRole(form) || breaksFence(form))) return true;
  }
  return false;
}

function inOrder(codes: ReadonlySet<FlagCode>): readonly FlagCode[] {
  return flagCodes.filter((code) => codes.has(code));
}
