/** Language models behind a port. Apart from the runtime's index: who asks a model need not load an engine. */
export { bedrockModel } from "./bedrock.ts";
export { newBedrockClient } from "./bedrock-client.ts";
export type { ModelMessage, ModelReply, ModelRequest, TextModel } from "./text-model.ts";
