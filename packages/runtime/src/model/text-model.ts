import type { RequestedAnswer } from "./answer-form.ts";

/** One turn of a conversation with a model. */
export interface ModelMessage {
  readonly role: "user" | "assistant";
  readonly text: string;
}

/** What a model is asked. */
export interface ModelRequest {
  /** What the model is to be and to do. Whatever people wrote belongs into the messages. */
  readonly system: string;
  /** From the user, in turns, the last the user's. */
  readonly messages: readonly ModelMessage[];
  /** Most tokens of the reply. */
  readonly maxTokens: number;
  /** 0: the likeliest reply; up to 1. */
  readonly temperature: number;
  /** The form of the reply, which is JSON then; text of any form without it. */
  readonly answer?: RequestedAnswer;
}

/** What a model replied. */
export interface ModelReply {
  /** JSON where a form was asked for, not yet checked. */
  readonly text: string;
  /** The model that spoke: the id that was asked for, or what the local cloud had in its place. */
  readonly model: string;
  /** True for the local cloud's model, which follows rules and is no language model. */
  readonly offline: boolean;
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
}

/** A model that reads and writes text. */
export interface TextModel {
  /**
   * One reply.
   * @throws {ModelThrottled} {@link UpstreamUnavailable} {@link AccessDenied}
   * @throws {ModelOutputInvalid} for a reply that was cut off or withheld, has no text, or is not the one answer that was
   * asked for
   */
  complete(request: ModelRequest): Promise<ModelReply>;
}
