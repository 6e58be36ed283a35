import type { Column } from "@penstock/contracts";
import fc from "fast-check";
import { asText, type RawCell } from "./raw-cell.ts";

const ZONED = "TIMESTAMP WITH TIME ZONE";

/** Moments close to each other, so that rules which compare two of them meet equal ones and neighbours. */
export function moments(column: Column, type: string): fc.Arbitrary<RawCell> {
  const day = fc.constantFrom("2020-02-28", "2020-02-29", "2020-03-01", "1999-12-31");
  if (column.type === "date" || type === "DATE") return day.map(asText);
  const separator = fc.constantFrom(" ", "T");
  const time = fc.constantFrom("00:00:00", "23:59:59", "12:30:15");
  const parts = [day, separator, time, fc.constantFrom(...fractions(type)), fc.constantFrom(...zones(type))];
  return fc.tuple(...parts).map((chosen) => asText(chosen.join("")));
}

/** Moments at the ends of the contract's range, of the calendar's and of the type's own. */
export function edgeMoments(type: string): RawCell[] {
  const zone = type === ZONED ? "+00" : "";
  const days = [
    "0001-01-01",
    "1582-10-10",
    "1900-01-01",
    "1969-12-31",
    "1970-01-01",
    "2099-12-31",
    "2100-01-01",
  ];
  // 64 bits of nanoseconds start in 1677 and end in 2262.
  if (type === "TIMESTAMP_NS") return days.slice(2).map((day) => asText(`${day} 00:00:00`));
  const far = ["0001-01-01 (BC)", "0045-03-15 (BC)", "10000-01-01", "9999-12-31", "infinity", "-infinity"];
  if (type === "DATE") return [...days, ...far, "5874897-12-31"].map(asText);
  const fine = type === "TIMESTAMP" || type === ZONED;
  const times = fine ? ["00:00:00", "23:59:59.999999", "00:00:00.000001"] : ["00:00:00"];
  const near = [...days, "9999-12-31", "10000-01-01"].flatMap((day) => times.map((time) => `${day} ${time}`));
  const cells = near.map((moment) => ({
    raw: zone === "" ? moment : `${moment}Z`,
    text: `${moment}${zone}`,
  }));
  return [...cells, asText("infinity"), asText("-infinity")];
}

function fractions(type: string): string[] {
  if (type === "TIMESTAMP_S") return [""];
  const coarse = ["", ".5", ".500", ".001"];
  return type === "TIMESTAMP_MS" ? coarse : [...coarse, ".500000", ".499999", ".999999"];
}

function zones(type: string): string[] {
  if (type === "VARCHAR") return ["", "", "Z", "+00:00"];
  return type === ZONED ? ["Z", "+00:00"] : [""];
}
