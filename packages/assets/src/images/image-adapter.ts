import type { Drawing } from "./image-model.ts";

/** What a model's answer says. `unreadable`: it may have been paid, and there is no picture in it. */
export type AnsweredImage =
  | { readonly answered: "image"; readonly base64: string; readonly offline: boolean }
  | { readonly answered: "filtered" }
  | { readonly answered: "unreadable" };

/** How a model of Bedrock's is asked for a picture, and how it answers: the bodies of InvokeModel. */
export interface ImageAdapter {
  request(drawing: Drawing): object;
  answer(body: unknown): AnsweredImage;
}
