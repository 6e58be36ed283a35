/** Language models behind a port. Apart from the runtime's index: who asks a model need not load an engine. */
export {
  type AnswerForm,
  type AnswerSchema,
  answerForm,
  type ObjectSchema,
  type RequestedAnswer,
} from "./answer-form.ts";
export { type Asking, askAgain } from "./ask-again.ts";
export { AnswerRefused, askModel, type ModelUsage, type Question } from "./ask-model.ts";
export { bedrockModel } from "./bedrock.ts";
export { newBedrockClient } from "./bedrock-client.ts";
export { fenced } from "./fence.ts";
export { linkedModel } from "./linked-model.ts";
export { type ModelBudget, type ModelMeter, type ModelMetrics, modelMeter, type Spending } from "./meter.ts";
export { ModelSettings } from "./model-settings.ts";
export { type OpenAiAccess, openAiModel } from "./openai.ts";
export { type Prompt, promptId } from "./prompt.ts";
export { replyJson } from "./reply-json.ts";
export type { ModelMessage, ModelReply, ModelRequest, TextModel } from "./text-model.ts";
export { estimatedTokens } from "./tokens.ts";
