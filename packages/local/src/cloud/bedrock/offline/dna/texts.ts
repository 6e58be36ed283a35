import { type Draft, tells } from "./draft.ts";
import type { ShownRecord } from "./sections.ts";

/** Words of a text that tell something, what they tell, and how it is said; the rest of the line is what it is about. */
const phrases: readonly (readonly [RegExp, readonly [Draft["category"], string], string])[] = [
  [
    /\b(?:subscribed to|subscription (?:to|for)|renewal of)\s+(.+)/i,
    ["financial", "subscription"],
    "Subscribes to",
  ],
  [/\b(?:salary|payroll|paycheck|wages)\s+(?:from|by)\s+(.+)/i, ["financial", "income"], "Earns from"],
  [/\b(?:paid|payment to|purchase at|bought (?:from|at))\s+(.+)/i, ["financial", "transaction"], "Pays"],
  [/\b(?:work(?:s|ed|ing)? (?:at|for)|employed (?:at|by))\s+(.+)/i, ["professional", "employer"], "Works at"],
  [/\b(?:work(?:s|ed|ing)? as|position:|job title:)\s+(.+)/i, ["professional", "role"], "Works as"],
  [/\b(?:graduated from|studied at|degree (?:from|in))\s+(.+)/i, ["professional", "education"], "Studied at"],
  [/\bskills?:\s*(.+)/i, ["professional", "skill"], "Knows about"],
  [/\b(?:watched|watching)\s+(.+)/i, ["entertainment", "viewing"], "Watches"],
  [/\b(?:listened to|listening to)\s+(.+)/i, ["entertainment", "listening"], "Listens to"],
  [/\b(?:finished reading|reading|i read)\s+(.+)/i, ["entertainment", "reading"], "Reads"],
  [/\b(?:played|playing)\s+(.+)/i, ["entertainment", "game"], "Plays"],
  [/\b(?:tickets? (?:to|for)|attended)\s+(.+)/i, ["entertainment", "event"], "Goes to"],
  [
    /\b(?:friends with|became friends with|message (?:from|to)|met)\s+(.+)/i,
    ["social", "contact"],
    "Is in touch with",
  ],
  [/\b(?:joined the group|member of(?: the)?)\s+(.+)/i, ["social", "group"], "Is in the group"],
  [/\b(?:liked|likes|interested in)\s+(.+)/i, ["social", "interest"], "Likes"],
];

/** Where a line says something else than the one thing. */
const ENDS = /[.;!?](?=\s|$)|\s+(?:on|at|for|and)\s+(?=\d|the\b)|\n/;

/** What the lines of a text tell, as far as their words give it away. */
export function textItems(record: ShownRecord): Draft[] {
  return phrases.flatMap(([phrase, kind, says]) => {
    const said = phrase.exec(record.text)?.[1]?.split(ENDS)[0];
    return tells(record, kind, says, said, 0.6);
  });
}
