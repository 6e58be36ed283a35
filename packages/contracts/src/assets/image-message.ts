import * as v from "valibot";
import { ImageId } from "./image-id.ts";

/** A message in the queue of pictures. What is to be drawn stands in the table: a message alone can have nothing drawn. */
export const ImageMessage = v.strictObject({ version: v.literal(1), request_id: ImageId });
export type ImageMessage = v.InferOutput<typeof ImageMessage>;
