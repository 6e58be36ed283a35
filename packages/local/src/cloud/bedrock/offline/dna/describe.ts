import { fencedLines } from "../fenced-lines.ts";

/** A fact as the message shows it. */
interface Fact {
  readonly id: number;
  readonly kind: string;
  readonly what: string;
  readonly files: number;
  readonly times: number;
}

/** Facts that a persona's words are made of. */
const TOLD = 3;
const INSIGHTS = 8;
/** Entries of a list, and characters of each. */
const ENTRIES = 12;
const ENTRY = 80;

/** How the items of these rules begin; what stands behind is a name. */
const SAYS =
  /^(?:Has the account|Invests in|Earns from|Spends on|Subscribes to|Pays for|Pays|Exchanges money with|Exchanges messages with|Knows about|Knows|Works at|Works as|Studied at|Listens to|Watches|Reads|Plays|Goes to|Is in touch with|Is in the group|Is active about|Likes) /;

/** The answer about one side of a person, made of the facts that are most frequent; what these rules cannot tell is left open. */
export function described(message: string): object {
  const type = /^Facts about the (\w+) side of a person:/.exec(message)?.[1] ?? "";
  const facts = fencedLines(message).flatMap(factOf);
  const short = facts.filter(({ what }) => what.length <= 150);
  const kinds = [...Map.groupBy(facts, ({ kind }) => kind)].map(([kind, all]) => `${kind} ${all.length}`);
  return {
    summary: [
      `The exports tell ${facts.length} facts of the ${type} side: ${kinds.join(", ")}.`,
      ...short.slice(0, TOLD).map(({ what, times }) => `Found ${times} times: ${what}.`),
    ].join(" "),
    insights: short.slice(0, INSIGHTS).map(({ id, what, files, times }) => ({
      text: `${what} (${times} times, in ${files} of the files)`,
      facts: [id],
    })),
    traits: traitsOf[type]?.(facts) ?? {},
  };
}

function factOf(line: string): Fact[] {
  const [, id, kind = "", what = "", files, times] =
    /^(\d+) ([a-z]+): (.*) \(files: (\d+), times: (\d+)\)$/s.exec(line) ?? [];
  return id === undefined ? [] : [{ id: Number(id), kind, what, files: Number(files), times: Number(times) }];
}

/** The names in facts of some kinds, the most frequent first. */
function names(facts: readonly Fact[], kinds: readonly string[], says = SAYS): string[] {
  const found = facts
    .filter(({ kind, what }) => kinds.includes(kind) && says.test(what))
    .map(({ what }) => what.replace(says, ""))
    .filter((name) => name !== "" && name.length <= ENTRY);
  return [...new Set(found)].slice(0, ENTRIES);
}

function most(facts: readonly Fact[], kinds: readonly string[]): string | null {
  const [first] = facts.filter(({ kind, what }) => kinds.includes(kind) && what.length <= ENTRY);
  return first?.what ?? null;
}

const traitsOf: Readonly<Record<string, (facts: readonly Fact[]) => object>> = {
  financial: (facts) => ({
    spendingHabits: most(facts, ["transaction"]),
    financialServices: names(facts, ["account"]),
    subscriptions: names(facts, ["subscription"]),
    incomeSources: names(facts, ["income"]),
    topCategories: names(facts, ["transaction"], /^Spends on /),
  }),
  social: (facts) => ({
    activity: most(facts, ["activity", "message"]),
    platforms: [],
    interests: names(facts, ["interest"]),
    groups: names(facts, ["group"]),
  }),
  professional: (facts) => ({
    seniority: null,
    employers: names(facts, ["employer"]),
    roles: names(facts, ["role"]),
    skills: names(facts, ["skill"]),
    industries: [],
  }),
  entertainment: (facts) => ({
    habits: most(facts, ["viewing", "listening", "reading", "game", "event"]),
    services: [],
    genres: [],
    favourites: names(facts, ["viewing", "listening", "reading", "game"]),
  }),
};
