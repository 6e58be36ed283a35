import type { ModelMessage, ModelReply, ModelRequest } from "./text-model.ts";

/** Tries of a model. The second knows what was wrong with the first. */
const TRIES = 2;

/** What is asked of a model, and how its reply is taken. */
export interface Asking<Answer> {
  readonly request: Pick<ModelRequest, "system" | "maxTokens" | "temperature" | "answer">;
  /** The first turn, the user's. */
  readonly message: string;
  readonly complete: (request: ModelRequest) => Promise<ModelReply>;
  /** Takes the reply, or throws. After the `last` there is no other. */
  readonly read: (reply: ModelReply, last: boolean) => Answer;
  /** Why this failure is worth another try, in words for the model; undefined where it is not. */
  readonly reason: (error: unknown) => string | undefined;
}

/** Stands for a reply that cannot be shown to the model again. */
const NOTHING = "(no reply that can be read)";

/**
 * Asks, and once more with what was wrong. Whatever the second try fails with is thrown, and a first failure without a
 * reason at once.
 */
export async function askAgain<Answer>({
  request,
  message,
  complete,
  read,
  reason,
}: Asking<Answer>): Promise<Answer> {
  const asked: ModelMessage = { role: "user", text: message };
  let messages: readonly ModelMessage[] = [asked];
  for (let tries = 1; ; tries += 1) {
    let said = NOTHING;
    try {
      const reply = await complete({ ...request, messages });
      if (!tooLong(reply.text, request.maxTokens)) said = reply.text;
      return read(reply, tries === TRIES);
    } catch (error) {
      const why = reason(error);
      if (why === undefined || tries === TRIES) throw error;
      const again = `This cannot be taken: ${why} Reply once more in the same form.`;
      messages = [asked, { role: "assistant", text: said }, { role: "user", text: again }];
    }
  }
}

/** Characters of a token, as many as no model's text has on average. */
const CHARACTERS = 8;

/** Whether a reply is longer than as many tokens can be: an endpoint that knows no bounds. */
export function tooLong(text: string, maxTokens: number): boolean {
  return text.length > maxTokens * CHARACTERS;
}
