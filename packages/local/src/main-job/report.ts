import type { TableCounts } from "../sample/ledger.ts";
import type { RefusedFile } from "./account.ts";
import type { Check } from "./balance.ts";
import type { Finding } from "./findings.ts";
import { plainColumns } from "./plain-columns.ts";

/** One line of the report's table. */
export interface TableLine extends TableCounts {
  table: string;
  /** Values that masks changed, as Penstock counts them. */
  masked: number;
  /** Seconds from the start of the first execution of the table's objects to the end of the last. */
  seconds: number;
}

/** All that the report says. */
export interface Report {
  lines: readonly TableLine[];
  refused: readonly RefusedFile[];
  /** Planted against found, by kind; empty for data of one's own. */
  findings: readonly Finding[];
  violations: ReadonlyMap<string, number>;
  checks: readonly Check[];
}

/** More rules than this in one table are shown by their kind (`*.required 9`), or the table would fill screens. */
const rulesShown = 8;

const columns = ["table", "rows in", "curated", "duplicates", "pending", "quarantined", "masked", "time"];

/** The one table of a run, with its totals. Numbers are plain digits, so that they can be searched and parsed. */
export function renderTable({ lines, findings }: Pick<Report, "lines" | "findings">): string {
  const planted = findings.length > 0;
  const head = planted ? [...columns, "planted / found"] : columns;
  const table = plainColumns(head, ["table"]);
  for (const line of [...lines, total(lines)]) {
    const cells = [
      line.table,
      line.rows_in,
      line.curated,
      line.duplicates,
      line.pending,
      line.quarantined,
      line.masked,
      `${line.seconds.toFixed(1)} s`,
    ];
    const own = line.table === "total" ? findings : findings.filter(({ table: name }) => name === line.table);
    table.push(planted ? [...cells, `${sum(own, "planted")} / ${sum(own, "found")}`] : cells);
    const rules = rulesText(line.by_rule);
    if (rules !== "")
      table.push([{ colSpan: head.length, hAlign: "left", content: wrapped(`quarantined by ${rules}`) }]);
  }
  return table.toString();
}

function total(lines: readonly TableLine[]): TableLine {
  const add = (
    name: "rows_in" | "curated" | "duplicates" | "pending" | "quarantined" | "masked" | "seconds",
  ) => lines.reduce((all, line) => all + line[name], 0);
  return {
    table: "total",
    rows_in: add("rows_in"),
    curated: add("curated"),
    duplicates: add("duplicates"),
    pending: add("pending"),
    quarantined: add("quarantined"),
    by_rule: {},
    masked: add("masked"),
    // The tables' executions ran side by side.
    seconds: Math.max(0, ...lines.map((line) => line.seconds)),
  };
}

function rulesText(byRule: Record<string, number>): string {
  const names = Object.keys(byRule);
  if (names.length <= rulesShown) return names.map((rule) => `${rule} ${byRule[rule]}`).join(", ");
  const byKind = new Map<string, number>();
  for (const rule of names) {
    const kind = rule.includes(".") ? `*.${rule.slice(rule.lastIndexOf(".") + 1)}` : rule;
    byKind.set(kind, (byKind.get(kind) ?? 0) + (byRule[rule] ?? 0));
  }
  return [...byKind].map(([kind, count]) => `${kind} ${count}`).join(", ");
}

/** Lines no longer than the table is wide, broken between rules. */
function wrapped(text: string): string {
  const lines = [""];
  for (const part of text.split(", ")) {
    const line = lines.at(-1) ?? "";
    if (line === "") lines[lines.length - 1] = part;
    else if (line.length + part.length < 90) lines[lines.length - 1] = `${line}, ${part}`;
    else lines.push(part);
  }
  return lines.map((line) => `  ${line}`).join(",\n");
}

function sum(findings: readonly Finding[], side: "planted" | "found"): number {
  return findings.reduce((all, finding) => all + finding[side], 0);
}

/** Files refused whole, violations, what was planted and not found, and every check, as lines. */
export function renderNotes({ refused, findings, violations, checks }: Report): string[] {
  return [
    ...(refused.length === 0
      ? []
      : [`Files refused whole (${refused.length}); they stay in the raw bucket:`]),
    ...refused.map(({ key, reason, detail }) => `  ${reason}  ${key}: ${detail}`),
    ...(violations.size === 0 ? [] : ["Orders that break a rule over several tables:"]),
    ...[...violations].map(([rule, count]) => `  ${rule} ${count}`),
    ...plantedNotes(findings),
    "Balances, counted in the objects that were written:",
    ...checks.map(({ name, holds, detail }) => `  ${holds ? "ok  " : "NOT "} ${name}: ${detail}`),
  ];
}

function plantedNotes(findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  const missed = findings.filter(({ planted, found }) => planted !== found);
  const kinds = `${findings.length} kinds of defects and secrets planted`;
  if (missed.length === 0) return [`${kinds}; each was found as often as it was planted.`];
  return [
    `${kinds}; ${missed.length} not found as planted:`,
    ...missed
      .slice(0, missedShown)
      .map(
        ({ kind, planted, found, missing }) =>
          `  ${kind}: planted ${planted}, found ${found}${missing === undefined ? "" : `, first in ${missing}`}`,
      ),
    ...(missed.length > missedShown ? [`  and ${missed.length - missedShown} more`] : []),
  ];
}

/** When an execution failed, hundreds of kinds are missed, and all for that one reason. */
const missedShown = 20;

/** The last line of a failed run: which checks do not hold. What and where stands with each of them above. */
export function renderFaults({ findings, checks }: Pick<Report, "findings" | "checks">): string {
  const broken = checks.filter(({ holds }) => !holds).map(({ name }) => name);
  const missed = findings.filter(({ planted, found }) => planted !== found).length;
  return [
    ...(broken.length === 0 ? [] : [`these do not hold: ${broken.join(", ")}`]),
    ...(missed === 0 ? [] : [`${missed} kinds were not found as planted`]),
  ].join("; ");
}

/** Everything that makes the run fail, one line each; empty when it ended as it should. */
export function faultsOf({ findings, checks }: Pick<Report, "findings" | "checks">): string[] {
  return [
    ...checks.filter(({ holds }) => !holds).map(({ name, detail }) => `${name}: ${detail}`),
    ...findings
      .filter(({ planted, found }) => planted !== found)
      .map(({ kind, planted, found }) => `${kind}: planted ${planted}, found ${found}`),
  ];
}
