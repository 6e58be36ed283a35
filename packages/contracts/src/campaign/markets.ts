import * as v from "valibot";

/** The 249 codes of ISO 3166-1 alpha-2 that are assigned. Source: ISO 3166 Maintenance Agency, 2025. */
const CODES =
  "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW".split(
    " ",
  );

/** What people call a market besides its code and the name that Unicode's data have for it. */
const ALIASES: Readonly<Record<string, string>> = {
  uk: "GB",
  "great britain": "GB",
  england: "GB",
  usa: "US",
  america: "US",
  "united states of america": "US",
  "south korea": "KR",
  korea: "KR",
  holland: "NL",
  turkey: "TR",
  "czech republic": "CZ",
  "hong kong": "HK",
};

const english = new Intl.DisplayNames("en", { type: "region", fallback: "none" });

/** A market's name in English: `Germany` for `DE`. */
export function marketName(code: string): string {
  return english.of(code) ?? code;
}

/** However a name is written: small letters without accents, words apart by one blank. */
function folded(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replaceAll("&", "and")
    .replace(/[^a-z0-9]+/g, " ")
    .trim();
}

const byName = new Map<string, string>([
  ...CODES.flatMap((code): [string, string][] => [
    [code.toLowerCase(), code],
    [folded(marketName(code)), code],
  ]),
  ...Object.entries(ALIASES),
]);

/** The code of a market that is given by its code or its English name, in any case; undefined where there is none such. */
export function marketCode(given: string): string | undefined {
  return byName.get(folded(given));
}

/** Most names that are told to somebody who gave an unknown one. */
const NEAR = 3;
/** Changes of letters after which a name is no longer near. */
const FAR = 3;
/** Longer than any name: not compared. */
const LONGEST = 60;

/** Names of markets that somebody may have meant, the nearest first; none where nothing is like it. */
export function nearMarkets(given: string): readonly string[] {
  const name = folded(given);
  if (name.length < 3 || name.length > LONGEST) return [];
  return CODES.map(marketName)
    .map((each) => ({ each, far: distance(name, folded(each)) }))
    .filter(({ each, far }) => far <= FAR && far < folded(each).length / 2)
    .sort((left, right) => left.far - right.far || (left.each < right.each ? -1 : 1))
    .slice(0, NEAR)
    .map(({ each }) => each);
}

/** How many letters must be changed, put in or left out (Levenshtein). */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (const [at, letter] of [...left].entries()) {
    const next = [at + 1];
    for (const [other, opposite] of [...right].entries()) {
      const kept = (row[other] ?? 0) + (letter === opposite ? 0 : 1);
      next.push(Math.min(kept, (row[other + 1] ?? 0) + 1, (next[other] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}

/** A market by its code, as records and answers have it. */
export const MarketCode = v.pipe(
  v.string(),
  v.regex(/^[A-Z]{2}$/, "a market's code"),
  v.check((code) => CODES.includes(code), "a code of ISO 3166-1"),
  v.description("A market: a code of ISO 3166-1 alpha-2"),
);
export type MarketCode = v.InferOutput<typeof MarketCode>;

/** A market as callers give it: code or English name. */
export const MarketGiven = v.pipe(
  v.string("Give a market: a code of ISO 3166-1 alpha-2, such as DE, or its name in English."),
  v.check(
    (given) => marketCode(given) !== undefined,
    ({ input }) => {
      const near = nearMarkets(input);
      const meant = near.length === 0 ? "" : ` Near: ${near.join(", ")}.`;
      return `There is no such market. Give a code of ISO 3166-1 alpha-2, such as DE, or its name in English.${meant}`;
    },
  ),
  v.description("A market: a code of ISO 3166-1 alpha-2, or its name in English"),
);
