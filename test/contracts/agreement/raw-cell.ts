/** One cell twice: as a reader hands it to JavaScript, and as the text that DuckDB casts to the column's type. */
export interface RawCell {
  readonly raw: unknown;
  readonly text: string | null;
}

/** A cell that reads as NULL in either. */
export const NULL_CELL: RawCell = { raw: null, text: null };

/** A cell whose raw value is its text. */
export function asText(value: string): RawCell {
  return { raw: value, text: value };
}
