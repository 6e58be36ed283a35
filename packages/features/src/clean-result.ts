import { WrittenPart } from "@penstock/runtime";
import * as v from "valibot";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/**
 * What cleaning answers: the reports of its plan, whichever engine ran it. `interactions` are the objects that it wrote, a
 * folder a day; `removed` are the rows that it left out, by the reason.
 */
export const CleanResult = v.object({
  interactions: v.array(WrittenPart),
  catalogues: v.tuple([v.object({ products: count, users: count })]),
  removed: v.array(v.object({ reason: v.string(), rows: count })),
});
export type CleanResult = v.InferOutput<typeof CleanResult>;
