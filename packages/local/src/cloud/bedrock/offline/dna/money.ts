import { type Draft, tells } from "./draft.ts";
import type { ShownRecord, ShownSection } from "./sections.ts";

const AMOUNT =
  /^(amount|debit|credit|betrag|importe|montant|value|withdrawal|deposit|paid (in|out)|sum|price|amt)\b/;
const WHAT_FOR =
  /^(description|merchant|payee|memo|details|narrative|beschreibung|concepto|libelle|name|reference|note)\b/;
const WHEN = /\b(date|datetime|time|datum|fecha|timestamp)\b/;
const SYMBOL = /^(symbol|ticker|isin)$/;
const TRADE = /^(action|quantity|shares|units|qty)$/;
const FROM = /^(from|sender|payer)$/;
const TO = /^(to|recipient|receiver|payee)$/;

const INCOME = /\b(payroll|salary|wages|direct dep(osit)?|electronic deposit|gehalt|lohn|nomina|salaire)\b/i;
const EARNINGS = /\b(dividends?|interest)\b/i;
/** Who sells by the month or the year. */
const SUBSCRIPTIONS =
  /\b(netflix|spotify|hulu|disney ?(\+|plus)|hbo|audible|adobe|dropbox|icloud|youtube premium|patreon|gym|membership|subscription|abo(nnement)?|prime video|nytimes|new york times|apple\.com\/bill)\b/i;

/** Tables of money: what was paid and earned, between whom, over which accounts, and what is invested. */
export function moneyItems({ records }: ShownSection, names: (name: RegExp) => boolean): Draft[] | undefined {
  if (names(SYMBOL) && names(TRADE)) return records.flatMap(investments);
  if (!names(AMOUNT)) return undefined;
  if (names(FROM) && names(TO)) return betweenPeople(records);
  return names(WHAT_FOR) && names(WHEN) ? records.flatMap(transaction) : undefined;
}

function account(record: ShownRecord): Draft[] {
  const name = record.fields.get(/^(account( name)?|funding source|konto|cuenta|compte|card)$/);
  return tells(record, ["financial", "account"], "Has the account", name);
}

function investments(record: ShownRecord): Draft[] {
  const { fields } = record;
  const what = fields.get(/^(description|security|name)\b/) ?? fields.get(SYMBOL);
  const earns = EARNINGS.test(fields.get(/^(action|type)$/) ?? "");
  return [
    ...tells(record, ["financial", "investment"], "Invests in", what),
    ...(earns ? tells(record, ["financial", "income"], "Earns from", what) : []),
    ...account(record),
  ];
}

function transaction(record: ShownRecord): Draft[] {
  const { fields } = record;
  const what = fields.get(WHAT_FOR);
  const about = tells(record, ...kindOf(what ?? ""), what);
  const category = fields.get(/^category$/);
  return [
    ...about,
    ...tells(record, ["financial", "transaction"], "Spends on", category),
    ...account(record),
  ];
}

function kindOf(what: string): readonly [readonly [Draft["category"], string], string] {
  if (INCOME.test(what)) return [["financial", "income"], "Earns from"];
  if (SUBSCRIPTIONS.test(what)) return [["financial", "subscription"], "Subscribes to"];
  return [["financial", "transaction"], "Pays"];
}

/** Whose export it is stands in nearly every row; the others are whom they know. */
function betweenPeople(records: readonly ShownRecord[]): Draft[] {
  const owner = mostFrequent(records.flatMap(({ fields }) => [fields.get(FROM) ?? "", fields.get(TO) ?? ""]));
  return records.flatMap((record) => {
    const others = [record.fields.get(FROM), record.fields.get(TO)].filter((name) => name !== owner);
    return [
      ...tells(record, ["financial", "transaction"], "Pays for", record.fields.get(WHAT_FOR)),
      ...account(record),
      ...others.flatMap((name) => tells(record, ["social", "contact"], "Exchanges money with", name)),
    ];
  });
}

/** The text that is most frequent; of several the first. */
export function mostFrequent(texts: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const text of texts) if (text !== "") counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].toSorted(([, left], [, right]) => right - left)[0]?.[0];
}
