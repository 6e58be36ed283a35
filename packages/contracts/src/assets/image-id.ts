import * as v from "valibot";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Stands for one picture that somebody asked for, and for what is paid for it: a UUID. */
export const ImageId = v.pipe(
  v.string("Give the request's id, as it was answered."),
  v.regex(UUID, "Give the request's id, as it was answered: a UUID in lower case."),
  v.description("The id of a picture that was asked for"),
);
export type ImageId = v.InferOutput<typeof ImageId>;

/** The most that every model takes: Nova Canvas' limit. */
const GREATEST_SEED = 858_993_459;

/** The number that a model draws a picture from: of the id, so that the same request is drawn the same. 1 to {@link GREATEST_SEED} */
export function imageSeed(id: ImageId): number {
  return (Number.parseInt(id.slice(0, 8), 16) % GREATEST_SEED) + 1;
}
