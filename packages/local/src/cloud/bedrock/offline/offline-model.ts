import { readIntent } from "./intent.ts";
import { schemaOf } from "./prompt-schema.ts";
import { NotUnderstood } from "./question.ts";
import { writeSql } from "./write-sql.ts";

/** Under which name the offline model answers. */
export const offlineName = "penstock-offline-rules";

/** What it says to anything but a question over tables. */
const NO_TALKER =
  "This is the offline model of the local cloud. It follows rules, is no language model, and does one thing: it writes a query for a question over tables whose schema stands in the prompt. Set PENSTOCK_MODEL_URL to talk to a model.";

/**
 * Replies by rules. A prompt whose system part has tables (`TABLE name -- …`) and whose first message is
 * `Question: "…"`, a JSON string, is answered with `{"sql": …}` or `{"cannot": …}`.
 */
export function offlineReply(system: string, firstMessage: string): string {
  const schema = schemaOf(system);
  const question = questionIn(firstMessage);
  if (schema.size === 0 || question === undefined) return NO_TALKER;
  try {
    return JSON.stringify({ sql: writeSql(readIntent(question), schema) });
  } catch (error) {
    if (error instanceof NotUnderstood) return JSON.stringify({ cannot: `${error.message}.` });
    throw error;
  }
}

function questionIn(message: string): string | undefined {
  const found = /^Question: (".*")$/s.exec(message)?.[1];
  try {
    const question: unknown = found === undefined ? undefined : JSON.parse(found);
    return typeof question === "string" ? question : undefined;
  } catch {
    return undefined;
  }
}
