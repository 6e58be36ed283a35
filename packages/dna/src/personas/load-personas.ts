import { createHash } from "node:crypto";
import {
  type DnaCategory,
  DnaDocument,
  documentKey,
  documentsPrefix,
  personaPlanKey,
  personasKey,
} from "@penstock/contracts";
import {
  InvalidInput,
  inParallel,
  ObjectChanged,
  type ObjectFacts,
  ObjectMissing,
  type ObjectStore,
  parseS3Uri,
  type S3Uri,
  s3Uri,
  UnsupportedFile,
} from "@penstock/runtime";
import * as v from "valibot";
import type { DnaPorts } from "../ports.ts";
import type { DnaSettings } from "../settings.ts";
import type { LoadPersonasInput } from "../task-inputs.ts";
import { type Facts, factCollector } from "./facts.ts";
import type { PersonaPlan } from "./persona-plan.ts";
import { planPersonas } from "./plan-personas.ts";
import { storedPersonaAnswer } from "./stored-persona-answer.ts";

/** What a build of personas goes by. */
export interface LoadedPersonas {
  readonly plan: S3Uri;
  /** The types about which the model is to be asked: their facts are others than those of the last answer. */
  readonly types: readonly DnaCategory[];
  /** Documents that were read. */
  readonly documents: number;
  /** Objects among them that are no documents of their keys: left out, and told. */
  readonly unreadable: number;
}

/** No document is larger: what is was put there by somebody else. */
const MOST_BYTES = 32 * 1024 * 1024;

/**
 * Reads all documents of a person and plans their personas. The personas that there are are looked at before the first
 * document is: who replaces just these has then seen all documents that they were made of.
 * @throws {PersonGone}
 */
export async function loadPersonas(
  { user, execution }: LoadPersonasInput,
  { store, settings, requireActive }: DnaPorts,
): Promise<LoadedPersonas> {
  await requireActive(user);
  const before = await store.head(s3Uri(settings.data, personasKey(user)));
  const { facts, documents, unreadable } = await factsOf(user, store, settings);
  const personas = planPersonas(facts, settings);
  const answers = await inParallel(personas, ({ type }) =>
    storedPersonaAnswer(store, settings, { user, type }),
  );
  const due = personas.filter(({ basis }, at) => answers[at]?.answer?.basis !== basis);
  const plan = await writePlan(
    { contract: 1, user, replaces: before?.etag ?? null, personas },
    execution,
    store,
    settings,
  );
  return { plan, types: due.map(({ type }) => type), documents, unreadable };
}

async function factsOf(
  user: string,
  store: ObjectStore,
  { data }: Pick<DnaSettings, "data">,
): Promise<{ facts: Facts; documents: number; unreadable: number }> {
  const objects: ObjectFacts[] = [];
  for await (const object of store.list(s3Uri(data, documentsPrefix(user)))) objects.push(object);
  const collector = factCollector();
  let [documents, unreadable] = [0, 0];
  await inParallel(objects, async (object) => {
    const document = await readDocument(user, object, store);
    if (document === undefined) unreadable += 1;
    else {
      documents += 1;
      collector.add(document);
    }
  });
  return { facts: collector.facts(), documents, unreadable };
}

/** The document of its key, undefined for anything else that lies there. */
async function readDocument(
  user: string,
  { uri, bytes }: ObjectFacts,
  store: Pick<ObjectStore, "getJson">,
): Promise<DnaDocument | undefined> {
  if (bytes > MOST_BYTES) return undefined;
  const content = await store.getJson(uri).catch((error: unknown) => {
    const noDocument = [ObjectMissing, UnsupportedFile, InvalidInput].some((kind) => error instanceof kind);
    if (noDocument) return undefined;
    throw error;
  });
  const parsed = v.safeParse(DnaDocument, content);
  if (!parsed.success) return undefined;
  const own = parsed.output.user === user && documentKey(user, parsed.output.file) === parseS3Uri(uri).key;
  return own ? parsed.output : undefined;
}

/** Each plan under a name of its own: a task that comes late goes by the one that it was given. */
async function writePlan(
  plan: PersonaPlan,
  execution: string,
  store: Pick<ObjectStore, "putJson">,
  { work }: Pick<DnaSettings, "work">,
): Promise<S3Uri> {
  const name = createHash("sha256").update(execution).digest("hex").slice(0, 16);
  for (let build = 0; ; build += 1) {
    const uri = s3Uri(work, personaPlanKey(plan.user, name, build));
    try {
      await store.putJson(uri, plan, { replaces: null });
      return uri;
    } catch (error) {
      if (!(error instanceof ObjectChanged)) throw error;
    }
  }
}
