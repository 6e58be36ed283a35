import type { Contract } from "@penstock/contracts";
import { identifier } from "@penstock/runtime";

/** As `mask_ssn` leaves them; of numbers in a text only those are taken for one that are written in its three groups. */
const NATIONAL_ID = "'(^|[^0-9])[0-9]{3}[- ][0-9]{2}[- ]([0-9]{4})($|[^0-9])', '\\1***-**-\\2\\3', 'g'";

/** A card that stood in JSON as a number, masked, is a text. */
const BARE_CARD = `'([:\\[,]\\s*)([*]{12}[0-9]{4})(\\s*[,}\\]])', '\\1"\\2"\\3', 'g'`;

/**
 * A query's texts without card numbers and national ids. What a catalogue says of products and people is typed by people,
 * who type anything anywhere.
 */
export interface Masking {
  /** Column of the query for {@link Masking.text} to look into: the cards of all texts at once, as a list. */
  readonly found: string;
  /** The masked text of the one at this place of the list. */
  text(sql: string, place: number): string;
}

/** Masks texts of DuckDB: the macro that finds cards stands in a query once, for it takes long to plan. */
export function masking(texts: readonly string[]): Masking {
  return {
    found: `hidden_cards([${texts.join(", ")}]) AS _hidden`,
    // Twice: of two ids with one character between them the first has taken it.
    text: (sql, place) => nationalIds(nationalIds(`COALESCE(_hidden[${place + 1}], ${sql})`)),
  };
}

const nationalIds = (sql: string): string => `regexp_replace(${sql}, ${NATIONAL_ID})`;

/** A query's rows with the free text of a contract masked, all other columns as they are. */
export function maskedRows(contract: Contract, rows: string): string {
  const free = contract.columns.filter(({ freeText }) => freeText);
  const { found, text } = masking(free.map(({ name }) => identifier(name)));
  const replaced = free.map(({ name, description }, place) => {
    const masked = text(identifier(name), place);
    return `${description === "JSON" ? `regexp_replace(${masked}, ${BARE_CARD})` : masked} AS ${identifier(name)}`;
  });
  return `SELECT * EXCLUDE (_hidden) REPLACE (${replaced.join(", ")}) FROM (SELECT *, ${found} FROM (${rows}))`;
}
