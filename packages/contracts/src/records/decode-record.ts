import { sourceColumns } from "../compile/physical.ts";
import type { Contract, LogicalType } from "../contract.ts";
import { DATE_FORM, FALSE_FORMS, NUMBER_FORM, TIMESTAMP_FORM, TRUE_FORMS } from "./text-forms.ts";

const NUMBER = new RegExp(`^${NUMBER_FORM}$`);
const TIMESTAMP = new RegExp(`^${TIMESTAMP_FORM}$`);
const DATE = new RegExp(`^${DATE_FORM}$`);

/**
 * The counterpart of the decoding SQL for one row: from the names and raw values of a source to a record that
 * `contract.schema` judges. `raw` holds what a Parquet or CSV reader gives: strings, numbers, bigints, booleans,
 * `Date`s, null. A cell that does not read keeps its raw value, and so breaks `<column>.type`. A column that the
 * source does not know keeps its name, and so breaks `<column>.unknown`.
 * @throws IncompatibleColumns when the contract has no such source.
 */
export function decodeRecord(
  contract: Contract,
  source: string,
  raw: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const columns = sourceColumns(contract, source);
  const types = new Map(contract.columns.map((column) => [column.name, column.type]));
  return Object.fromEntries(
    Object.entries(raw).map(([name, value]) => {
      const ours = Object.hasOwn(columns, name) ? columns[name] : undefined;
      const type = ours === undefined ? undefined : types.get(ours);
      return [ours ?? name, type === undefined ? value : decodeValue(type, value)];
    }),
  );
}

function decodeValue(type: LogicalType, raw: unknown): unknown {
  if (raw === null || raw === undefined) return null;
  switch (type) {
    case "string":
      return raw;
    case "boolean":
      return decodeBoolean(raw);
    case "timestamp":
      return decodeTimestamp(raw);
    case "date":
      return raw instanceof Date ? (isoText(raw)?.slice(0, 10) ?? raw) : raw;
    default:
      if (typeof raw === "bigint") return Number(raw);
      return typeof raw === "string" && NUMBER.test(raw) ? Number(raw) : raw;
  }
}

function decodeBoolean(raw: unknown): unknown {
  if (TRUE_FORMS.some((form) => form === raw)) return true;
  return FALSE_FORMS.some((form) => form === raw) ? false : raw;
}

/** To the record form: `T` between, no zone, no trailing zeros in the fraction. */
function decodeTimestamp(raw: unknown): unknown {
  const written = raw instanceof Date ? isoText(raw) : raw;
  if (typeof written !== "string" || !TIMESTAMP.test(written)) return raw;
  if (DATE.test(written)) return `${written}T00:00:00`;
  const [seconds = "", fraction = ""] = written
    .replace(" ", "T")
    .replace(/Z|[+]00:00$/, "")
    .split(".");
  const significant = fraction.replace(/0+$/, "");
  return significant === "" ? seconds : `${seconds}.${significant}`;
}

/** ISO text of a valid `Date`; undefined for an invalid one, whose own `toISOString` throws. */
function isoText(date: Date): string | undefined {
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
