import type { Secrets } from "../sample/secrets.ts";

/** A sensitive value found in clear outside the raw bucket. The value itself is not kept: a report is no place for it. */
export interface Leak {
  class: "pan" | "ssn" | "email" | "phone";
  /** Bucket, key and, in a table, column. */
  where: string;
}

/** 13 digits or more, alone or with single spaces or dashes between. */
const digitRuns = /\d(?:[ -]?\d){12,}/g;
/** With dashes anywhere; without, only as a word of its own: nine digits in a row are frequent in hexadecimal ids. */
const ssnForms = /\d{3}-\d{2}-\d{4}|(?<![0-9A-Za-z])\d{9}(?![0-9A-Za-z])/g;
const mailboxes = /[^\s"'<>,;:()]+@[^\s"'<>,;:()]+/g;

/** Which of the planted values stand in clear in a text: a cell, or the whole of a JSON object. */
export function secretsIn(text: string, secrets: Secrets): Leak["class"][] {
  // Most cells are short words: nothing shorter than nine characters can hold any of what is looked for.
  if (text.length < 9) return [];
  const found: Leak["class"][] = [];
  if (text.includes("@") && matches(text, mailboxes).some((mailbox) => secrets.email.has(mailbox))) {
    found.push("email");
  }
  if (secrets.phone.has(text)) found.push("phone");
  if (!/\d{3}/.test(text)) return found;
  if (matches(text, ssnForms).some((number) => secrets.ssn.has(dashed(number)))) found.push("ssn");
  if (matches(text, digitRuns).some((run) => holdsCard(run.replaceAll(/[ -]/g, ""), secrets.pan)))
    found.push("pan");
  return found;
}

function matches(text: string, form: RegExp): string[] {
  return [...text.matchAll(form)].map(([match]) => match);
}

function dashed(ssn: string): string {
  const digits = ssn.replaceAll("-", "");
  return `${digits.slice(0, 3)}-${digits.slice(3, 5)}-${digits.slice(5)}`;
}

/** Whether any 13 to 19 digits of the run are a planted card number, wherever in it they stand. */
function holdsCard(digits: string, cards: ReadonlySet<string>): boolean {
  for (let length = 13; length <= 19; length++) {
    for (let start = 0; start + length <= digits.length; start++) {
      if (cards.has(digits.slice(start, start + length))) return true;
    }
  }
  return false;
}

/** Whether digits pass Luhn's check (ISO/IEC 7812-1, annex B): for data of one's own, where nothing was planted. */
export function luhnValid(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Whether a text holds digits that could be a card number: 13 to 19 of them, Luhn-valid. */
export function couldHoldCard(text: string): boolean {
  return matches(text, digitRuns).some((run) => {
    const digits = run.replaceAll(/[ -]/g, "");
    return digits.length <= 19 && luhnValid(digits);
  });
}
