import type { Contract } from "@penstock/contracts";
import { identifier } from "@penstock/runtime";
import { maskedLine } from "./masked-line.ts";

/** As `mask_ssn` leaves them; of numbers in a text only those are taken for one that are written in its three groups. */
const NATIONAL_ID = "'(^|[^0-9])[0-9]{3}[- ][0-9]{2}[- ]([0-9]{4})($|[^0-9])', '\\1***-**-\\2\\3', 'g'";

/** A card that stood in JSON as a number, masked, is a text. */
const BARE_CARD = `'([:\\[,]\\s*)([*]{12}[0-9]{4})(\\s*[,}\\]])', '\\1"\\2"\\3', 'g'`;

/**
 * A query's rows with the free text of a contract without card numbers and national ids, all other columns as they are:
 * what a catalogue says of products and people is typed by people, who type anything anywhere.
 */
export function maskedRows(contract: Contract, rows: string): string {
  const free = contract.columns.filter(({ freeText }) => freeText);
  const texts = free.filter(({ description }) => description !== "JSON").map(({ name }) => identifier(name));
  const json = free.filter(({ description }) => description === "JSON").map(({ name }) => identifier(name));
  const replaced = [
    // All of them at once: the macro that finds cards takes long to plan, and stands in a query once for them.
    ...texts.map(
      (column, place) => `${nationalIds(`COALESCE(_hidden[${place + 1}], ${column})`)} AS ${column}`,
    ),
    ...json.map((column) => `${maskedJson(column)} AS ${column}`),
  ];
  return `SELECT * EXCLUDE (_hidden) REPLACE (${replaced.join(", ")})
    FROM (SELECT *, hidden_cards([${texts.join(", ")}]) AS _hidden FROM (${rows}))`;
}

/** JSON without card numbers and national ids, however they are escaped in it: an expression over a column. */
export function maskedJson(column: string): string {
  return `regexp_replace(${nationalIds(maskedLine(column))}, ${BARE_CARD})`;
}

/** Twice: of two ids with one character between them the first has taken it. */
function nationalIds(text: string): string {
  const once = `regexp_replace(${text}, ${NATIONAL_ID})`;
  return `regexp_replace(${once}, ${NATIONAL_ID})`;
}
