import * as v from "valibot";
import { FileName } from "../dna/file-name.ts";
import { UserId } from "../dna/user-id.ts";

/**
 * What `digital-dna` is started with by hand: with a file, that one is read, as large as it may be by hand; without one, the
 * user's personas are made anew. Erasing is no start by hand: it has a route of its own.
 */
export const DigitalDnaInput = v.strictObject({
  user: UserId,
  file: v.optional(FileName),
});
export type DigitalDnaInput = v.InferOutput<typeof DigitalDnaInput>;
