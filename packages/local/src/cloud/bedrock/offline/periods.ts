import { NotUnderstood, type Question } from "./question.ts";

/** Days from one to another, both included; open where one is absent. `YYYY-MM-DD` */
export interface Period {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** When a question is about. */
export interface Times {
  readonly periods: readonly Period[];
  /** Months of any year, `01` to `12`. */
  readonly monthsOfYear: readonly string[];
}

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const month =
  "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
const year = "(?:19|20)\\d\\d";
const day = `${year}-\\d\\d-\\d\\d`;
const quarter = "(?:q[1-4]|(?:first|second|third|fourth|last|1st|2nd|3rd|4th) quarter)";
const half = "(?:h[12]|(?:first|second|1st|2nd) half)";
/** One stretch of time by its name. */
const stretch = `(?:the )?(?:year |month )?(?:${day}|${year}-\\d\\d|${quarter}(?: of)? ${year}|${half}(?: of)? ${year}|${year} ${quarter}|${month}(?: of)?,? ${year}|${year})`;

const pad = (number: number) => String(number).padStart(2, "0");
const monthNumber = (name: string) => MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;
const lastDay = (years: number, months: number) => new Date(Date.UTC(years, months, 0)).getUTCDate();

function months(years: string, first: number, last: number): Required<Period> {
  return {
    from: `${years}-${pad(first)}-01`,
    to: `${years}-${pad(last)}-${pad(lastDay(Number(years), last))}`,
  };
}

/** The days of a stretch. */
function daysOf(name: string): Period {
  const whole = new RegExp(day).exec(name)?.[0];
  if (whole !== undefined) {
    if (shifted(whole, 0) !== whole) throw new NotUnderstood(`there is no day ${whole}`);
    return { from: whole, to: whole };
  }
  const of = new RegExp(year).exec(name)?.[0] ?? "";
  const number = new RegExp(`${year}-(\\d\\d)`).exec(name)?.[1];
  if (number !== undefined) {
    if (Number(number) < 1 || Number(number) > 12)
      throw new NotUnderstood(`there is no month ${of}-${number}`);
    return months(of, Number(number), Number(number));
  }
  const part = new RegExp(quarter, "i").exec(name)?.[0];
  if (part !== undefined) {
    const at =
      Number(
        /[1-4]/.exec(part)?.[0] ??
          ["first", "second", "third"].findIndex((each) => part.startsWith(each)) + 1,
      ) || 4;
    return months(of, at * 3 - 2, at * 3);
  }
  const whichHalf = new RegExp(half, "i").exec(name)?.[0];
  if (whichHalf !== undefined) return /1|first/i.test(whichHalf) ? months(of, 1, 6) : months(of, 7, 12);
  const named = new RegExp(`\\b${month}\\b`, "i").exec(name)?.[0];
  return named === undefined ? months(of, 1, 12) : months(of, monthNumber(named), monthNumber(named));
}

function shifted(date: string | undefined, days: number): string | undefined {
  if (date === undefined) return undefined;
  const moment = Date.parse(`${date}T00:00:00Z`) + days * 86_400_000;
  return Number.isNaN(moment) ? undefined : new Date(moment).toISOString().slice(0, 10);
}

/** Takes all that a question says of time. @throws {NotUnderstood} for days that there are not */
export function takeTimes(question: Question): Times {
  const periods: Period[] = [];
  for (const { of } of question.all(
    `(?:between|from) (${stretch}) (?:and|to|until|till|through) (${stretch})`,
  )) {
    const [first = "", last = ""] = of;
    periods.push({ from: daysOf(first).from, to: daysOf(last).to });
  }
  for (const { of } of question.all(
    `(?:between|from) (${month}) (?:and|to|until|till|through) (${month})(?: of)? (${year})`,
  )) {
    const [first = "", last = "", years = ""] = of;
    periods.push(months(years, monthNumber(first), monthNumber(last)));
  }
  const open: readonly (readonly [words: string, period: (named: Period) => Period])[] = [
    ["since|from|starting(?: in| from)?", ({ from }) => ({ from, to: undefined })],
    ["after", ({ to }) => ({ from: shifted(to, 1), to: undefined })],
    ["before", ({ from }) => ({ from: undefined, to: shifted(from, -1) })],
    ["until|till|up to", ({ to }) => ({ from: undefined, to })],
  ];
  for (const [words, period] of open)
    for (const { of } of question.all(`(?:${words}) (${stretch})`)) periods.push(period(daysOf(of[0] ?? "")));
  for (const { of } of question.all(`(?:(?:in|on|during|for|of|and|or|versus|vs|with) )?(${stretch})`))
    periods.push(daysOf(of[0] ?? ""));
  const monthsOfYear = [...question.all(`(?:in|during|every|and) (${month})`)].map(({ of }) =>
    pad(monthNumber(of[0] ?? "")),
  );
  return { periods, monthsOfYear };
}

/** Whether a period begins and ends with months. */
export function isOfMonths({ from, to }: Period): boolean {
  const ends =
    to === undefined || to.slice(8) === pad(lastDay(Number(to.slice(0, 4)), Number(to.slice(5, 7))));
  return (from === undefined || from.endsWith("-01")) && ends;
}
