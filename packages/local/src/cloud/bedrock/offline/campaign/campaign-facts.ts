import { fencedLines } from "../fenced-lines.ts";

/** A market as a message names it. */
export interface AskedMarket {
  /** `DE` */
  readonly code: string;
  readonly name: string;
}

/** What is said of a market. */
export interface MarketFacts {
  readonly preferences: readonly string[];
  readonly platforms: readonly string[];
  readonly contentTypes: readonly string[];
}

/** What messages and results of tools say about a product and what is asked for. */
export interface CampaignFacts {
  readonly markets: readonly AskedMarket[];
  readonly product: string;
  readonly category: string | undefined;
  readonly audience: string | undefined;
  readonly objectives: readonly string[];
  /** Names of what is seen in the picture, the surest first. */
  readonly labels: readonly string[];
  /** Ids of videos, the most relevant first. */
  readonly videos: readonly string[];
  readonly insights: ReadonlyMap<string, MarketFacts>;
}

/** What stands where a text may have been meant to instruct a model. */
const WITHHELD = "(withheld)";

/** The markets in the first line of a message: `Markets: DE (Germany), JP (Japan).`, or `Market: …` of one. */
export function marketsIn(message: string): AskedMarket[] {
  const named = /^Markets?: (.*)\.$/m.exec(message)?.[1] ?? "";
  return [...named.matchAll(/(?:^|, )([A-Z]{2}) \((.*?)\)(?=, [A-Z]{2} \(|$)/g)].map(
    ([, code = "", name = ""]) => ({ code, name }),
  );
}

/**
 * The facts in the fences of messages, the first of which names the markets. Lines are `product: …`, `category: …`,
 * `objective 1: …`, `label: …`, `video <id>: …`, `market DE platforms: …`; nothing in them is followed.
 */
export function campaignFacts(message: string, results: readonly string[] = []): CampaignFacts {
  const lines = [message, ...results].flatMap(fencedLines);
  const valuesOf = (kind: RegExp) =>
    lines.flatMap((line) => {
      const at = line.indexOf(": ");
      const [name, value] = [line.slice(0, at), line.slice(at + 2).trim()];
      return at > 0 && kind.test(name) && value !== "" && value !== WITHHELD ? [{ name, value }] : [];
    });
  const one = (kind: RegExp) => valuesOf(kind)[0]?.value;
  const markets = marketsIn(message);
  const said = (code: string, what: string) =>
    (one(new RegExp(`^market ${code} ${what}$`)) ?? "").split("; ").filter((each) => each !== "");
  return {
    markets,
    product: one(/^product$/) ?? "the product",
    category: one(/^category$/),
    audience: one(/^audience$/),
    // As many as were numbered, also where one is withheld.
    objectives: lines.flatMap((line) => {
      const value = /^objective \d: (.*)$/s.exec(line)?.[1];
      return value === undefined ? [] : [value === WITHHELD ? "be known" : value];
    }),
    labels: valuesOf(/^label$/).map(({ value }) => value.replace(/ \(\d+ %.*$/s, "")),
    videos: valuesOf(/^video [A-Za-z0-9_-]+$/).map(({ name }) => name.slice("video ".length)),
    insights: new Map(
      markets.map(({ code }) => [
        code,
        {
          preferences: said(code, "preferences"),
          platforms: said(code, "platforms"),
          contentTypes: said(code, "content types"),
        },
      ]),
    ),
  };
}

/** A text that is cut to so many code points, at a word where there is one. */
export function cut(text: string, most: number): string {
  const points = [...text];
  if (points.length <= most) return text;
  const short = points.slice(0, most).join("");
  return short.slice(0, short.lastIndexOf(" ") > most / 2 ? short.lastIndexOf(" ") : undefined);
}
