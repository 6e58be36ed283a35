const numbers = "zero one two three four five six seven eight nine ten".split(" ");
/** Ways to say what has plainer words here. */
const idioms: readonly (readonly [RegExp, string])[] = [
  [/\b(?:repeat|repeating|returning) (customers|buyers)\b/gi, "$1 with more than 1 order"],
  [/\b(?:more than once|again|repeatedly)\b/gi, "more than 1 order"],
  [/\b(?:at least twice)\b/gi, "at least 2 orders"],
  [/\b(?:cancellation|cancelation) (?:rate|share)\b/gi, "share of orders that were canceled"],
  [/\b(?:biggest|largest) order\b(?! value)/gi, "highest order value"],
  [/\bsmallest order\b(?! value)/gi, "lowest order value"],
  [/\bhow long (?:does|did) (?:a |the )?delivery take\b/gi, "average delivery time"],
  [/\b(?:are |is )?out of stock\b/gi, "with stock below 1"],
  [/\b(?:were |was |have been |are )?(?:never|not) sold\b/gi, "with less than 1 lifetime pieces"],
  [/\bmost popular (\w+)/gi, "$1 with the most orders"],
  [/\bmost sold (\w+)/gi, "$1 with the highest quantity sold"],
  [/\b(?:best|top)[- ]selling (\w+)/gi, "$1 with the highest quantity sold"],
  [/\bworst[- ]selling (\w+)/gi, "$1 with the lowest quantity sold"],
  [/\bby (credit card|boleto|voucher|debit card)\b/gi, "paid with $1"],
  ...numbers.map(
    (word, at) =>
      [
        new RegExp(`\\b(top|bottom|best|worst|than|least|most|exactly|the) ${word}\\b`, "gi"),
        `$1 ${at}`,
      ] as const,
  ),
];

/** A question in the words that the rules know. */
export function plainly(question: string): string {
  return idioms.reduce((said, [pattern, plain]) => said.replaceAll(pattern, plain), question);
}
