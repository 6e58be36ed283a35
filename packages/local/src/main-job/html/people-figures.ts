import {
  churnFacts,
  number,
  patternFacts,
  riskFacts,
  rowsOf,
  segmentFacts,
  valueFacts,
  word,
} from "../prod/facts.ts";
import { figure as digits, histogram, percent, quantile } from "../prod/figures.ts";
import type { Prod } from "../prod/prod.ts";
import { colours } from "./chart.ts";
import { columns, histogramTable, niceAbove } from "./columns.ts";
import { bars, notEnough, plainTable } from "./market-figures.ts";
import type { Figure } from "./page.ts";

export function segmentFigure(prod: Prod): Figure {
  const told = segmentFacts(prod);
  if ("reason" in told) return notEnough("Segments", told.reason);
  const rows = told.known;
  const [first] = rows;
  const title = `${word(first?.segment)}: ${percent(number(first?.share))} of the customers, ${percent(number(first?.spend_share))} of the spend`;
  const of = (column: string, color: string) =>
    rows.map((row) => ({ value: number(row[column]), itemStyle: { color } }));
  return {
    title,
    chart: bars(
      rows.map((row) => word(row.segment)),
      [of("share", colours.second), of("spend_share", colours.first)],
      percent,
      title,
    ),
    legend: [
      { colour: colours.second, text: "share of the customers" },
      { colour: colours.first, text: "share of the spend" },
    ],
    table: {
      head: [
        "segment",
        "customers",
        "share",
        "share of spend",
        "median days since",
        "median orders",
        "median spend",
      ],
      rows: rows.map((row) => [
        word(row.segment),
        digits(number(row.customers)),
        percent(number(row.share)),
        percent(number(row.spend_share)),
        ...[row.recency_days, row.orders, row.spend].map((cell) => digits(number(cell))),
      ]),
    },
  };
}

export function valueFigure(prod: Prod): Figure {
  const told = valueFacts(prod);
  if ("reason" in told) return notEnough("Lifetime value", told.reason);
  const { values, customers, median, topTenth } = told.known;
  const bins = 20;
  // The few greatest would press all others into the first bar.
  const to = niceAbove(quantile(values, 0.98));
  const counts = histogram(values, 0, to, bins);
  const bounds = counts.map((_, bin) => digits((to / bins) * bin));
  const title = `Half of ${digits(customers)} customers are worth less than ${digits(median)}; the top tenth holds ${percent(topTenth)} of all value`;
  return {
    title,
    chart: columns(bounds, counts, title),
    note: "Customers by the discounted revenue that is expected of them. The last bar holds all above as well.",
    table: histogramTable("value from", bounds, counts, "customers"),
  };
}

export function churnFigure(prod: Prod): Figure {
  const told = churnFacts(prod);
  if ("reason" in told) return notEnough("Churn", told.reason);
  const { probabilities, likely, reasons } = told.known;
  const counts = histogram(probabilities, 0, 1, 10);
  const bounds = counts.map((_, bin) => `${bin * 10} %`);
  const title = `${digits(likely)} of ${digits(probabilities.length)} customers are likelier to leave than to stay`;
  const why = reasons.slice(0, 3).map(([reason, times]) => `${reason} (${digits(times)})`);
  return {
    title,
    chart: columns(bounds, counts, title),
    note: `Customers by their probability to leave.${why.length > 0 ? ` What weighs most for who is likely to leave: ${why.join(", ")}.` : ""}`,
    table: histogramTable("probability from", bounds, counts, "customers"),
  };
}

export function riskFigure(prod: Prod): Figure {
  const told = riskFacts(prod);
  if ("reason" in told) return notEnough("Fraud", told.reason);
  const { risks, orders, flagged, worst } = told.known;
  const counts = histogram(risks, 0, 100, 20);
  const bounds = counts.map((_, bin) => String(bin * 5));
  const title = `${digits(flagged)} of ${digits(orders)} orders are flagged (${percent(orders > 0 ? flagged / orders : 0)})`;
  return {
    title,
    chart: columns(bounds, counts, title, true),
    note: "Orders by their risk of 0 to 100; each line is ten times the one below it.",
    table: plainTable(worst, ["order_id", "risk", "flagged", "reasons"]),
  };
}

export function pciFigures(prod: Prod): Figure[] {
  const findings = rowsOf(prod, "compliance-guardian", "pci-findings");
  const searched = rowsOf(prod, "compliance-guardian", "pci-columns");
  if ("reason" in searched) return [notEnough("PCI audit", searched.reason)];
  const scanned = searched.known.reduce((sum, row) => sum + number(row.scanned), 0);
  const masked = searched.known.reduce((sum, row) => sum + number(row.masked), 0);
  const found = "known" in findings ? findings.known : [];
  return [
    {
      title: `PCI audit: ${digits(scanned)} values searched, ${digits(masked)} masked, ${found.length} findings`,
      table: plainTable(found, ["severity", "table_name", "column_name", "finding", "found", "objects"]),
    },
  ];
}

export function copilotFigures(prod: Prod): Figure[] {
  const told = patternFacts(prod);
  const patterns: Figure =
    "reason" in told
      ? notEnough("Query patterns", told.reason)
      : {
          title: `${told.known.length} patterns of queries over the marts and reports`,
          table: plainTable(told.known.slice(0, 10), [
            "pattern",
            "queries",
            "asked",
            "failed",
            "median_seconds",
            "scanned_bytes",
          ]),
        };
  const { asked } = prod;
  if (asked === undefined) return [patterns];
  if ("refused" in asked)
    return [{ title: `Asked: ${asked.question}`, note: `Not answered: ${asked.refused}` }, patterns];
  const { answer } = asked;
  const by = answer.offline ? `${answer.model}, the offline model: rules, no language model` : answer.model;
  return [
    {
      title: `Asked: ${asked.question}`,
      note: `Written by ${by}: ${answer.sql.replaceAll(/\s+/g, " ")}`,
      table: {
        head: answer.columns.map(({ name }) => name),
        rows: answer.rows.map((row) =>
          row.map((cell) => (typeof cell === "number" ? digits(cell) : String(cell ?? "–"))),
        ),
      },
    },
    patterns,
  ];
}
