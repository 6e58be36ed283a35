import { linkedModel, type ModelReply } from "@penstock/runtime/model";
import { request, settings } from "./form.ts";

const model = linkedModel(settings);

/** A function that asks the model that its deployment names, which is OpenAI's. */
export async function handler(): Promise<ModelReply> {
  return model.complete(request);
}
