import { type Condition, takeConditions } from "./conditions.ts";
import { anyDimension, type Dimension, dimensionNamed, dimensionOf } from "./dimensions.ts";
import { type Filter, takeFilters } from "./filters.ts";
import { plainly } from "./idioms.ts";
import { type Measure, measureNamed, measureOf, measures } from "./measures.ts";
import { isOfMonths, type Times, takeTimes } from "./periods.ts";
import { NotUnderstood, Question } from "./question.ts";
import { stopWords } from "./stop-words.ts";

/** What a question asks for. */
export interface Intent {
  readonly measures: readonly Measure[];
  readonly dimensions: readonly Dimension[];
  readonly filters: readonly Filter[];
  readonly conditions: readonly Condition[];
  readonly times: Times;
  /** An additive measure is asked per so much: per order, per customer, per month. */
  readonly per: Dimension | undefined;
  /** The part of the whole instead of the number. */
  readonly share: boolean;
  /** The first measure through the second: `freight as a share of revenue`. */
  readonly ratio: boolean;
  /** The largest or smallest single value, where nothing is compared. */
  readonly extreme: "max" | "min" | undefined;
  readonly order: "ascending" | "descending" | undefined;
  readonly limit: number | undefined;
  /** The day of the first or last order. */
  readonly when: "min" | "max" | undefined;
}

/** Reads a question. @throws {NotUnderstood} naming the words that mean nothing here */
export function readIntent(text: string): Intent {
  const question = new Question(plainly(text));
  const when = takeWhen(question);
  const times = takeTimes(question);
  const conditions = takeConditions(question);
  const order = takeOrder(question);
  const rank = takeRank(question);
  const listed: Dimension[] = [...rank.dimensions];
  // Behind a ranking, `by orders` is what is ranked by.
  const rankedBy =
    rank.dimensions.length > 0 ? question.take("by (orders|customers|products|sellers|items)") : undefined;
  const average = "(?:on average|average|mean|avg|typical)(?: of)?";
  const averaged = new RegExp(`\\b(?:${average})\\b`, "i").test(text);
  const found: Measure[] = [];
  const counted = rankedBy === undefined ? undefined : measureNamed(`number of ${rankedBy.of[0]}`);
  if (counted !== undefined) found.push(counted);
  const byList = takeDimensions(question);
  // Before what is late becomes a filter: of orders that are not delivered nobody knows.
  const lateShare = measureOf("late_share");
  if (question.take(lateShare.words) !== undefined) found.push(lateShare);
  const filters = takeFilters(question);
  if (takeBoth(filters)) addOnce(listed, dimensionOf("late"));
  const said = new Map<Measure, number>();
  for (const measure of measures)
    for (const phrase of question.all(`(?:and )?(?:total |overall |sum of )?(?:the )?${measure.words}`))
      if (!said.has(measure)) said.set(measure, text.indexOf(phrase.text));
  // Beside another number, a thing alone is its number: `revenue, orders and customers`.
  const beside = "(orders|customers|products|sellers)";
  if (said.size > 0)
    for (const pattern of [`(?<=·) ?(?:, and|,|and) (?:the )?${beside}`, `${beside} ?(?:, and|,|and)(?= ·)`])
      for (const { of } of question.all(pattern)) {
        const measure = measureNamed(`number of ${of[0]?.toLowerCase()}`);
        if (measure !== undefined && !said.has(measure)) said.set(measure, text.lastIndexOf(of[0] ?? ""));
      }
  // As they are said, one after the other.
  for (const [measure] of [...said].toSorted(([, one], [, other]) => one - other))
    if (!found.includes(measure)) found.push(measure);
  const ratio =
    question.take(
      "as (?:an? )?(?:share|percentage|percent|proportion|fraction|part) of|(?:relative|in relation) to",
    ) !== undefined;
  const share =
    question.take("(?:market )?(?:shares?|percentages?|percent|proportions?|fractions?)(?: of| in)?") !==
    undefined;
  question.take(average);
  if (found.length > 0 || conditions.length > 0)
    for (const { text: named } of question.all(
      `(?<=(?:which|what|list|show|list all|show all|all|each|the) )(?:${anyDimension})`,
    ))
      addOnce(listed, dimensionNamed(named));
  const nouns = "orders|purchases|customers|buyers|products|sellers|categories|regions|cities";
  for (const { of } of question.all(`(?:number of )?(${nouns})`)) {
    const noun = of[0]?.toLowerCase() ?? "";
    const measure = measureNamed(`number of ${noun}`);
    if (measure === undefined || found.length > 0 || (listed.length > 0 && conditions.length > 0)) continue;
    // `customers with more than 3 orders` are to be listed, not counted.
    if (conditions.some((each) => !each.ofOrders) && !share && !/^(?:orders|purchases)$/.test(noun))
      addOnce(listed, dimensionNamed(noun));
    else found.push(measure);
  }
  const unknown = question.left().filter((word) => !stopWords.has(word.toLowerCase()));
  if (unknown.length > 0)
    throw new NotUnderstood(
      `the offline model does not understand ${unknown.map((word) => `"${word}"`).join(", ")}`,
    );

  const per = averaged ? unitOf(found, byList) : undefined;
  const split = byList.map(({ dimension }) => dimension).filter((dimension) => dimension !== per);
  if (rank.direction !== undefined && listed.length > 0 && split.some((each) => !listed.includes(each)))
    throw new NotUnderstood("the offline model does not rank within groups");
  for (const dimension of split) addOnce(listed, dimension);
  addCompared(listed, filters, times, share);
  // What is used most is used by most orders.
  const ranked = rank.direction !== undefined && listed.some(({ key }) => USED.has(key));
  if (found.length === 0 && conditions.length === 0 && ranked) found.push(measureOf("orders"));
  const asked = found.length > 0 ? found : conditions.map(({ measure }) => measure);
  if (ratio && asked.length !== 2)
    throw new NotUnderstood("the offline model does not see a share of what is asked for");
  if (asked.length === 1 && asked[0]?.key === "sellers") ofSellers(listed, filters);
  if (asked.length === 0 && when === undefined)
    throw new NotUnderstood("the offline model finds no number that is asked for");
  const ranking = rank.direction !== undefined && listed.length > 0;
  return {
    measures: asked,
    dimensions: listed,
    filters,
    conditions,
    times,
    per,
    share,
    ratio,
    extreme:
      ranking || rank.direction === undefined ? undefined : rank.direction === "descending" ? "max" : "min",
    order: order ?? (ranking ? rank.direction : undefined),
    limit: ranking && !rank.several ? (rank.count ?? 1) : rank.count,
    when,
  };
}

/** What orders have one of. */
const USED: ReadonlySet<string> = new Set(["payment_type", "status", "installments"]);

/** The region of sellers is theirs, not their customers'. */
function ofSellers(dimensions: Dimension[], filters: Filter[]): void {
  const theirs = dimensionOf("seller_region");
  const at = dimensions.findIndex(({ key }) => key === "region");
  if (at !== -1) dimensions.splice(at, 1, theirs);
  filters.forEach((filter, index) => {
    if (filter.kind === "values" && filter.dimension.key === "region")
      filters[index] = { ...filter, dimension: theirs };
  });
}

/** Late orders and those on time: what is asked of both is asked of each. */
function takeBoth(filters: Filter[]): boolean {
  const late = filters.filter((each) => each.kind === "holds");
  if (new Set(late.map(({ holds }) => holds)).size < 2) return false;
  for (const each of late) filters.splice(filters.indexOf(each), 1);
  filters.push({ kind: "known", column: "is_late", known: true });
  return true;
}

function addOnce(list: Dimension[], dimension: Dimension): void {
  if (!list.includes(dimension)) list.push(dimension);
}

function takeWhen(question: Question): Intent["when"] {
  const found = question.take(
    "(?:when (?:was|is)|date of|day of) (?:the )?(first|earliest|last|latest|most recent) (?:order|purchase|sale)(?: placed| made)?",
  );
  if (found === undefined) return undefined;
  return /first|earliest/i.test(found.of[0] ?? "") ? "min" : "max";
}

interface Rank {
  readonly direction: Intent["order"];
  readonly count: number | undefined;
  /** More than one are asked for: `categories`, not `category`. */
  readonly several: boolean;
  readonly dimensions: readonly Dimension[];
}

const high = "top|best|highest|most|largest|biggest|greatest|maximum|max";
const low = "bottom|worst|lowest|least|fewest|smallest|minimum|min";

/** `top 5 categories`, `the 3 regions with the lowest`, `which seller has the most`. */
function takeRank(question: Question): Rank {
  const dimensions: Dimension[] = [];
  const name = (phrase: string | undefined) => {
    if (phrase !== undefined && phrase !== "") addOnce(dimensions, dimensionNamed(phrase));
  };
  const counted = question.take(`(?:the )?(${high}|${low}) (\\d{1,4})(?: (${anyDimension}))?`);
  name(counted?.of[2]);
  const few =
    counted === undefined ? question.take(`(?:the |which |what )(\\d{1,4}) (${anyDimension})`) : undefined;
  name(few?.of[1]);
  const which = question.take(`(?:which|what|who are the|who is the) (${anyDimension})(?! of)`);
  name(which?.of[0]);
  const having = question.take(
    `(?:the )?(${anyDimension})(?: (?:with|having|that|which|who|has|have|had))+(?: the)?(?= (?:${high}|${low}) )`,
  );
  name(having?.of[0]);
  const adjective =
    counted === undefined ? question.take(`(?:the )?(best|top|worst|bottom) (${anyDimension})`) : undefined;
  name(adjective?.of[1]);
  const bare =
    counted === undefined && adjective === undefined
      ? question.take(`(?:the )?(?:(${high})|(${low}))(?: (?:number|amount) of)?`)
      : undefined;
  // `the most items`: how many of them.
  if (/(?:number|amount) of$/i.test(bare?.text ?? "")) question.take("(?<=· )items");
  const word = counted?.of[0] ?? adjective?.of[0] ?? bare?.text;
  const direction =
    word === undefined
      ? undefined
      : new RegExp(`\\b(?:${low})\\b`, "i").test(word)
        ? "ascending"
        : "descending";
  const count = Number(counted?.of[1] ?? few?.of[0]);
  const several = /s$/i.test(which?.of[0] ?? having?.of[0] ?? adjective?.of[1] ?? "");
  return { direction, several, count: Number.isNaN(count) || count === 0 ? undefined : count, dimensions };
}

interface Split {
  readonly dimension: Dimension;
  /** Said with `per`, which may be a unit. */
  readonly per: boolean;
}

/** `by region and month`, `per customer`, `monthly`. */
function takeDimensions(question: Question): Split[] {
  const splits: Split[] = [];
  const add = (dimension: Dimension, per: boolean) => {
    if (!splits.some((each) => each.dimension === dimension)) splits.push({ dimension, per });
  };
  const intro =
    "(per|by|for each|for every|in each|in every|of each|of every|across|(?:grouped|split|broken down|divided) by|over) (?:the )?";
  // Nothing is split by single orders; `by orders` says what is ranked by.
  for (const { of } of question.all(`${intro}(${anyDimension})`)) {
    const [how = "", named = ""] = of;
    add(dimensionNamed(named), /^per$|each|every/i.test(how));
    for (const more of question.all(
      `(?<=·) ?(?:, and|,|and by|and per|and|per|by) (?:the )?(${anyDimension})(?! (?:more|less|over))`,
    ))
      add(dimensionNamed(more.of[0] ?? ""), false);
  }
  for (const [word, key] of Object.entries({
    monthly: "month",
    daily: "day",
    yearly: "year",
    annual: "year",
    regional: "region",
  }))
    for (const _ of question.all(word)) add(dimensionOf(key), true);
  return splits;
}

/** What an average of a sum is taken over: what is said with `per`, single orders otherwise. */
function unitOf(found: readonly Measure[], splits: readonly Split[]): Dimension | undefined {
  if (!found.some(({ additive }) => additive)) return undefined;
  const said = splits.find(({ per }) => per)?.dimension;
  if (said !== undefined) return said;
  return found.some(({ key }) => ["orders", "spend", "stock"].includes(key))
    ? dimensionOf("customer")
    : dimensionOf("order");
}

function takeOrder(question: Question): Intent["order"] {
  question.take("(?:ordered|sorted|ranked)(?: by)?");
  if (
    question.take(
      "(?:in )?(?:ascending|increasing)(?: order)?|lowest first|from (?:the )?lowest(?: to (?:the )?highest)?",
    )
  )
    return "ascending";
  if (
    question.take(
      "(?:in )?(?:descending|decreasing)(?: order)?|highest first|from (?:the )?highest(?: to (?:the )?lowest)?",
    )
  )
    return "descending";
  return undefined;
}

/** Several regions, several years: they are asked for beside each other. */
function addCompared(
  dimensions: Dimension[],
  filters: readonly Filter[],
  { periods }: Times,
  share: boolean,
): void {
  if (share) return;
  for (const filter of filters)
    if (filter.kind === "values" && filter.values.length > 1 && !filter.negated)
      addOnce(dimensions, filter.dimension);
  const time = ["year", "month", "day"].map(dimensionOf);
  if (periods.length < 2 || dimensions.some((each) => time.includes(each))) return;
  const years = periods.every(
    ({ from, to }) => from?.endsWith("-01-01") === true && to?.endsWith("-12-31") === true,
  );
  addOnce(dimensions, dimensionOf(years ? "year" : periods.every(isOfMonths) ? "month" : "day"));
}
