import { type DnaCategory, PersonaAnswer, personaAnswerKey } from "@penstock/contracts";
import { ObjectMissing, type ObjectStore, s3Uri, UnsupportedFile } from "@penstock/runtime";
import * as v from "valibot";
import type { DnaSettings } from "../settings.ts";

/** What the model said last of a type. */
export interface StoredPersonaAnswer {
  /** To be named when it is replaced; null: there is none. */
  readonly etag: string | null;
  /** Undefined where there is none, or something else: that is replaced. */
  readonly answer: PersonaAnswer | undefined;
}

/** The last answer about a type. Its entity tag is looked at first: whatever is written in between is not replaced. */
export async function storedPersonaAnswer(
  store: Pick<ObjectStore, "head" | "getJson">,
  { data }: Pick<DnaSettings, "data">,
  { user, type }: { readonly user: string; readonly type: DnaCategory },
): Promise<StoredPersonaAnswer> {
  const uri = s3Uri(data, personaAnswerKey(user, type));
  const found = await store.head(uri);
  if (found === undefined) return { etag: null, answer: undefined };
  const content = await store.getJson(uri).catch((error: unknown) => {
    if (error instanceof ObjectMissing || error instanceof UnsupportedFile) return undefined;
    throw error;
  });
  const parsed = v.safeParse(PersonaAnswer, content);
  const own = parsed.success && parsed.output.type === type;
  return { etag: found.etag, answer: own ? parsed.output : undefined };
}
