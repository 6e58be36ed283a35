import * as v from "valibot";

const from = (least: number) => v.nullable(v.pipe(v.number(), v.integer(), v.minValue(least)));

/**
 * Where in a file something stands. Exactly one of `row` and `offset` is given: of tables and arrays the row, of texts
 * and HTML the offset.
 */
export const DnaEvidence = v.pipe(
  v.strictObject({
    /** Path of the member, where the file is a ZIP. */
    member: v.nullable(v.string()),
    /** JSON pointer of the array in which `row` counts; null where the file is no JSON. */
    path: v.nullable(v.string()),
    /** Number of the record, the first is 1; preamble and header are not counted. */
    row: from(1),
    /** Byte of the original file, or of the member. */
    offset: from(0),
  }),
  v.check(({ row, offset }) => (row === null) !== (offset === null), "either a row or an offset"),
);

export type DnaEvidence = v.InferOutput<typeof DnaEvidence>;
