import { WrittenPart } from "@penstock/runtime";
import * as v from "valibot";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/**
 * What cleaning answers: the reports of its plan, whichever engine ran it. `interactions` are the objects that it wrote, a
 * folder a day; `removed` are the rows that it left out, by the reason. Every landed row is in one of them.
 */
export const CleanResult = v.pipe(
  v.object({
    landed: v.tuple([v.object({ rows: count })]),
    interactions: v.array(WrittenPart),
    catalogues: v.tuple([v.object({ products: count, users: count })]),
    removed: v.array(v.object({ reason: v.string(), rows: count })),
  }),
  v.check(
    ({ landed: [{ rows }], interactions, removed }) =>
      rows === [...interactions, ...removed].reduce((sum, each) => sum + each.rows, 0),
    "as many rows as were landed",
  ),
);
export type CleanResult = v.InferOutput<typeof CleanResult>;
