import { type Dimension, dimensionOf } from "./dimensions.ts";
import type { Phrase, Question } from "./question.ts";

/** A part of the data that a question is about. */
export type Filter =
  | {
      readonly kind: "values";
      readonly dimension: Dimension;
      readonly values: readonly string[];
      readonly negated: boolean;
    }
  /** What is true or false of an order, such as that it was late. */
  | { readonly kind: "holds"; readonly column: "is_late"; readonly holds: boolean }
  /** What is known of an order, such as whether it was late: of one that is not delivered nobody knows. */
  | { readonly kind: "known"; readonly column: "is_late" | "review_score"; readonly known: boolean };

const not = "(not in|not from|outside(?: of)?|except(?: for| in)?|excluding|other than|without)";
const between = "(?:,| and| or| vs\\.?| versus| with)";
const inOr = "(?:in|for|from|of|to|within|and|or|vs|versus|between)";
/** Words that may follow `category` without being one. */
const noValue =
  "(?!(?:and|are|as|between|by|did|do|does|for|from|had|has|have|in|is|of|on|or|per|since|sold|that|the|to|was|were|which|with|within|highest|lowest)(?![\\p{L}\\p{N}_]))";
const quoted = "⟨\\d+⟩";
const word = `(?:${quoted}|${noValue}[\\p{L}][\\p{L}\\p{N}_]*)`;
const id = `(?:${quoted}|[\\p{L}\\p{N}_-]*\\d[\\p{L}\\p{N}_-]*)`;

/** Takes everything that narrows a question down, other than times and numbers. */
export function takeFilters(question: Question): Filter[] {
  const filters: Filter[] = [];
  const values = (dimension: string, found: readonly string[], negated = false) => {
    const known = filters.find(
      (each) => each.kind === "values" && each.dimension.key === dimension && each.negated === negated,
    );
    const before = known?.kind === "values" ? known.values : [];
    if (known !== undefined) filters.splice(filters.indexOf(known), 1);
    const all = [...new Set([...before, ...found])];
    filters.push({ kind: "values", dimension: dimensionOf(dimension), values: all, negated });
  };
  takeRegions(question, values);
  takeCategories(question, values);
  for (const { of } of question.all(`(?:${inOr} )?(?:the )?(?:city|town) (?:of )?(${word})`))
    values("city", [question.value(of[0] ?? "")]);
  for (const { of } of question.all(
    `(?:(?:of|for|by|from) )?(?:the )?(product|seller|customer|order) (${id})`,
  ))
    values(of[0]?.toLowerCase() ?? "", [question.value(of[1] ?? "")]);
  takePayments(question, values);
  for (const { of } of question.all(
    "(?:(?:that|which|have|had|has|with|got) )*(no |without )(?:an? |any )?(?:review(?: score)?|reviews|rating|ratings)",
  ))
    if (of[0] !== "") filters.push({ kind: "known", column: "review_score", known: false });
  for (const _ of question.all(
    "(?:that |which |and |or |vs |versus )?(?:(?:were|are|was|came|arrived|delivered|those|ones) )*(?:on time|in time|not late|punctual(?:ly)?)(?: deliver(?:y|ies))?",
  ))
    filters.push({ kind: "holds", column: "is_late", holds: false });
  for (const _ of question.all(
    "(?:that |which )?(?:(?:were|are|was|came|arrived|delivered) )*(?:too late|late|delayed)(?: deliver(?:y|ies))?",
  ))
    filters.push({ kind: "holds", column: "is_late", holds: true });
  for (const { of } of question.all(
    "(?:that |which )?(?:(?:were|are|was|is|have been|got|being|with status|in status|with the status|and|or) )*(delivered|cancell?ed|shipped|unavailable|invoiced|processing|created|approved)",
  ))
    values("status", [of[0]?.toLowerCase().replace("cancelled", "canceled") ?? ""]);
  takeBareCategories(question, values);
  return filters;
}

type Values = (dimension: string, found: readonly string[], negated?: boolean) => void;

/** Regions are two capitals; those that are words too are regions behind the word region only. */
function takeRegions(question: Question, values: Values): void {
  const plain =
    "(?!(?:AM|AN|AS|AT|BY|DO|IF|IN|IS|IT|ME|MY|NO|OF|ON|OR|SO|TO|UP|US|WE)(?![\\p{L}\\p{N}_]))[A-Z]{2}";
  const any = "[A-Z]{2}";
  const several = (one: string) => `(${one}(?:${between}+ ${one})*)`;
  const codes = (phrase: Phrase, at: number) => phrase.of[at]?.match(/\b[A-Z]{2}\b/g) ?? [];
  const sellers = `[Ss]ellers? (?:(?:in|from|of|based in|located in) )(?:the )?(?:regions? |states? (?:of )?)?${several(plain)}`;
  for (const phrase of question.all(sellers, "u")) values("seller_region", codes(phrase, 0));
  const named = `(?:${not} )?(?:[Ii]n |[Ff]or |[Ff]rom |[Oo]f |and )?(?:the )?(?:[Rr]egions? |[Ss]tates? (?:of )?)${several(any)}`;
  for (const phrase of question.all(named, "u")) values("region", codes(phrase, 1), phrase.of[0] !== "");
  const bare = `(?:${not} )?(?:[Ii]n |[Ff]or |[Ff]rom |[Oo]f |[Bb]etween |to |within |and |versus |vs )?${several(plain)}(?: customers?)?`;
  for (const phrase of question.all(bare, "u")) values("region", codes(phrase, 1), phrase.of[0] !== "");
  for (const { of } of question.all(
    `(?:${not} )?(?:${inOr} )?(?:the )?(?:regions?|states?) (?:of )?(${quoted})`,
  ))
    values("region", [question.value(of[1] ?? "")], of[0] !== "");
}

function takeCategories(question: Question, values: Values): void {
  const one = `(?:${quoted}|[\\p{L}\\p{N}]+_[\\p{L}\\p{N}_]+)`;
  const take = (pattern: string) => {
    for (const { of } of question.all(pattern)) {
      const [negation = "", list = ""] = of;
      const found = list.split(new RegExp(`${between}* `, "iu")).filter((each) => each !== "");
      values(
        "category",
        found.map((each) => question.value(each.replace(/,$/, ""))),
        negation !== "",
      );
    }
  };
  take(`(?:${not} )?${inOr} (?:the )?(?:product )?category (${word})`);
  take(`(?:${not} )?${inOr} (?:the )?(?:product )?categories (${word}(?:${between}+ ${word})+)`);
  take(`(?:${not} )?(?:${inOr} )?(?:the )?(?:product )?categor(?:y|ies) (${one}(?:${between}+ ${one})*)`);
  take(`(?:${not} )?(?:${inOr} )?(?:the )?(${one}|(?<=(?:in|for|of|from) (?:the )?)${word}) category`);
}

/** Names with underscores of which nothing else is said are categories'. */
function takeBareCategories(question: Question, values: Values): void {
  const one = "[\\p{L}\\p{N}]+_[\\p{L}\\p{N}_]+";
  for (const { of } of question.all(`(?:${not} )?(?:${inOr} )?(?:the )?(${one}(?:${between}+ ${one})*)`)) {
    const [negation = "", list = ""] = of;
    values("category", list.match(new RegExp(one, "gu")) ?? [], negation !== "");
  }
}

function takePayments(question: Question, values: Values): void {
  const types: readonly (readonly [words: string, value: string])[] = [
    ["credit[ _]?cards?", "credit_card"],
    ["debit[ _]?cards?", "debit_card"],
    ["boletos?", "boleto"],
    ["vouchers?", "voucher"],
  ];
  for (const [words, value] of types) {
    const how =
      "(?:(?:that|which) )?(?:(?:were|are|was) )?(?:(?:paid|pay|bought) )?(?:(?:by|with|in|using|via|of|for|from|and|or|versus|vs) )?";
    for (const _ of question.all(`${how}${words}(?: payments?)?`)) values("payment_type", [value]);
  }
}
