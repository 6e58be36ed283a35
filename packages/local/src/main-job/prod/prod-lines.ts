import {
  churnFacts,
  forecastFacts,
  number,
  opportunityFacts,
  patternFacts,
  regionFacts,
  riskFacts,
  rowsOf,
  segmentFacts,
  seriesName,
  type Told,
  trendFacts,
  valueFacts,
  wholeTrend,
  word,
} from "./facts.ts";
import { change, figure, percent } from "./figures.ts";
import type { Asked, Prod, Row } from "./prod.ts";

/** Characters of a line, so that a value from outside cannot fill a screen. */
const WIDTH = 150;

/** What the five systems say, in a few lines each. */
export function renderProd(prod: Prod): string[] {
  if (prod.marts === undefined) return ["Prod: no build of the marts is current."];
  const { build, as_of, curated_rows, orders_left_out, tables } = prod.marts;
  const left =
    orders_left_out === 0 ? "" : `, ${orders_left_out} orders left out that break a rule over several tables`;
  return [
    `Prod: build ${build} of ${figure(curated_rows)} curated rows, sales up to ${as_of ?? "no day"}${left}`,
    `  marts           ${Object.entries(tables)
      .map(([name, { rows }]) => `${name} ${rows}`)
      .join(", ")}`,
    "Market Intelligence Hub",
    line("forecast", forecastFacts(prod), ({ frequency, days, expected, before, from }) => {
      const than =
        before === undefined || before === 0
          ? ""
          : `, ${change(expected / before - 1)} on the ${days.length} before`;
      const [first] = days;
      return `${figure(expected)} in the ${days.length} ${frequency}s from ${from}${than}; the first of them ${figure(number(first?.mean))} (95 %: ${figure(number(first?.lower_95))} to ${figure(number(first?.upper_95))})`;
    }),
    line("trend", trendFacts(prod), (rows) => {
      const whole = wholeTrend(prod);
      const named = (direction: string) =>
        rows.filter((row) => row.direction === direction && seriesName(row) !== "everything").map(seriesName);
      const [up, down] = [named("rising"), named("falling")];
      return [
        ...(whole === undefined
          ? []
          : [
              `sales by ${word(whole.frequency)} ${directions[word(whole.direction)] ?? word(whole.direction)}`,
            ]),
        ...(up.length > 0 ? [`rising: ${some(up)}`] : []),
        ...(down.length > 0 ? [`falling: ${some(down)}`] : []),
      ].join("; ");
    }),
    "Demand Insights Engine",
    line("segments", segmentFacts(prod), (rows) =>
      some(
        rows.map(
          (row) =>
            `${word(row.segment)} ${percent(number(row.share))} of customers, ${percent(number(row.spend_share))} of spend`,
        ),
        "; ",
      ),
    ),
    line(
      "lifetime value",
      valueFacts(prod),
      ({ customers, median, topTenth }) =>
        `median ${figure(median)} of ${figure(customers)} customers; the top tenth holds ${percent(topTenth)}`,
    ),
    line(
      "churn",
      churnFacts(prod),
      ({ probabilities, likely, reasons }) =>
        `${figure(likely)} of ${figure(probabilities.length)} customers are likelier to leave than to stay${
          reasons.length > 0
            ? `, mostly by ${some(
                reasons.map(([reason]) => reason),
                ", ",
                2,
              )}`
            : ""
        }`,
    ),
    "Compliance Guardian",
    line("fraud", riskFacts(prod), ({ orders, flagged, worst }) => {
      const [first] = worst;
      const top =
        first === undefined
          ? ""
          : `; the greatest risk ${figure(number(first.risk))} of 100: ${word(first.reasons) || "no rule broken"}`;
      return `${figure(flagged)} of ${figure(orders)} orders are flagged${top}`;
    }),
    line("PCI", pci(prod), (text) => text),
    "Global Market Pulse",
    line("opportunities", opportunityFacts(prod), (rows) =>
      some(
        rows.map((row) => `${seriesName(row)} ${opportunity(row)}`),
        "; ",
      ),
    ),
    line("regions", regionFacts(prod), (rows) =>
      some(
        rows.map(
          (row) =>
            `${word(row.region)} ${percent(number(row.share))}${typeof row.growth === "number" ? ` (${change(row.growth)} a month)` : ""}`,
        ),
        ", ",
        5,
      ),
    ),
    "Retail Copilot",
    line(
      "patterns",
      patternFacts(prod),
      (rows) =>
        `${rows.length} of ${figure(rows.reduce((sum, row) => sum + number(row.queries), 0))} queries; most often ${word(rows[0]?.pattern).replaceAll(/\s+/g, " ")}`,
    ),
    ...askedLines(prod.asked),
  ];
}

/** Directions of a trend as they read in a sentence. */
const directions: Readonly<Record<string, string>> = {
  rising: "rise",
  falling: "fall",
  "no clear trend": "have no clear trend",
};

function opportunity(row: Row): string {
  const grows = typeof row.growth === "number" ? `${change(row.growth)} a month, ` : "";
  return `(${grows}${percent(number(row.share))} of revenue${row.is_certain === true ? "" : ", uncertain"})`;
}

/** What the PCI audit searched and found. */
function pci(prod: Prod): Told<string> {
  const columns = rowsOf(prod, "compliance-guardian", "pci-columns");
  if ("reason" in columns) return columns;
  const findings = rowsOf(prod, "compliance-guardian", "pci-findings");
  const scanned = columns.known.reduce((sum, row) => sum + number(row.scanned), 0);
  const masked = columns.known.reduce((sum, row) => sum + number(row.masked), 0);
  const found = "known" in findings ? findings.known : [];
  const high = found.filter(({ severity }) => severity === "high").length;
  return {
    known: `${figure(scanned)} values of ${columns.known.length} columns searched, ${figure(masked)} masked; ${found.length} findings, ${high} of them high`,
  };
}

function askedLines(asked: Asked | undefined): string[] {
  if (asked === undefined) return [];
  const question = `  asked           ${asked.question}`;
  if ("refused" in asked) return [question, `  not answered    ${cut(asked.refused)}`];
  const { sql, model, offline, rows, columns, scanned_bytes } = asked.answer;
  const shown = rows
    .slice(0, 3)
    .map((row) => row.map((cell) => (typeof cell === "number" ? figure(cell) : (cell ?? "–"))).join(" "));
  return [
    question,
    `  query           ${cut(sql.replaceAll(/\s+/g, " "))}`,
    cut(
      `  answer          ${columns.map(({ name }) => name).join(" ")}: ${shown.join("; ")}${rows.length > 3 ? `; and ${rows.length - 3} more` : ""}`,
    ),
    `  by              ${offline ? `${model}, offline: rules, no language model` : model}; ${figure(scanned_bytes)} bytes scanned`,
  ];
}

function line<Facts>(name: string, told: Told<Facts>, say: (facts: Facts) => string): string {
  const text = "reason" in told ? `not enough data: ${told.reason}` : say(told.known);
  return cut(`  ${name.padEnd(15)} ${text}`);
}

/** The first of some texts, and how many more there are. */
function some(texts: readonly string[], between = ", ", most = 4): string {
  const more = texts.length > most ? `${between}and ${texts.length - most} more` : "";
  return `${texts.slice(0, most).join(between)}${more}`;
}

/** One line of at most {@link WIDTH} characters, without anything that a terminal would act on. */
function cut(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: values come from outside, and may hold escape sequences
  const plain = [...text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, " ")];
  return plain.length <= WIDTH ? plain.join("") : `${plain.slice(0, WIDTH - 1).join("")}…`;
}
