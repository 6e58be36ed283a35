import type { AnalystTable, AnalystType } from "@penstock/contracts";
import type { FieldProblem } from "../problem.ts";
import { InvalidFilter } from "./errors.ts";

/** A value of a column as the Parquet reader gives it. */
export type ColumnValue = string | number | bigint | boolean | Date;

/** Rows are those with every one of these values: by column. */
export type Filters = ReadonlyMap<string, ColumnValue>;

/** The columns' values to look for, from query parameters. @throws {InvalidFilter} with every one that is wrong */
export function readFilters({ columns }: AnalystTable, query: Readonly<Record<string, string>>): Filters {
  const filters = new Map<string, ColumnValue>();
  const faults: FieldProblem[] = [];
  for (const [name, text] of Object.entries(query)) {
    const column = columns.find((each) => each.name === name);
    if (column === undefined) {
      const known = columns.map((each) => each.name).join(", ");
      faults.push({ field: name, detail: `The report has no such column. It has: ${known}.` });
      continue;
    }
    const { form, read } = formOf(column.type);
    const value = read(text);
    if (value === undefined) faults.push({ field: name, detail: `Give ${form}.` });
    else filters.set(name, value);
  }
  if (faults.length > 0) throw new InvalidFilter(faults);
  return filters;
}

/** How a type is written, and the value of a text; undefined for one that is none. */
interface Form {
  readonly form: string;
  read(text: string): ColumnValue | undefined;
}

const number: Form = {
  form: "a number",
  read: (text) => (/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? finite(Number(text)) : undefined),
};

const forms: Readonly<Record<Exclude<AnalystType, `decimal(${string})`>, Form>> = {
  bigint: {
    form: "a whole number",
    read: (text) => (/^-?\d{1,18}$/.test(text) ? BigInt(text) : undefined),
  },
  boolean: {
    form: "true or false",
    read: (text) => (text === "true" ? true : text === "false" ? false : undefined),
  },
  date: {
    form: "a date, YYYY-MM-DD",
    read: (text) => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? moment(`${text}T00:00:00Z`, text) : undefined),
  },
  double: number,
  string: { form: "a text", read: (text) => text },
  timestamp: {
    form: "a moment in UTC, YYYY-MM-DDTHH:MM:SSZ",
    read: (text) =>
      /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/.test(text)
        ? moment(text, text.slice(0, 19))
        : undefined,
  },
};

function formOf(type: AnalystType): Form {
  return isDecimal(type) ? number : forms[type];
}

function isDecimal(type: AnalystType): type is Extract<AnalystType, `decimal(${string})`> {
  return type.startsWith("decimal(");
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

/** The moment, unless the calendar does not have it: a 31st of February would be read as a day of March. */
function moment(text: string, sameAs: string): Date | undefined {
  const date = new Date(text);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(sameAs) ? date : undefined;
}
