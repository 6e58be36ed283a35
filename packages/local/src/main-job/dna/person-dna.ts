import {
  DnaDocument,
  documentsPrefix,
  type FileOutcome,
  type Personas,
  personPrefix,
} from "@penstock/contracts";
import { parseS3Uri, s3Uri } from "@penstock/runtime";
import * as v from "valibot";
import { fileOutcomes, readPersonas } from "../../exports/send-exports.ts";
import { apiCaller } from "../call-api.ts";
import type { Run } from "../run.ts";

/** All that there is of a person once nothing is under way any more. */
export interface PersonDna {
  readonly user: string;
  readonly files: readonly FileOutcome[];
  readonly documents: readonly DnaDocument[];
  readonly personas: Personas | undefined;
}

type Using = Pick<Run, "cloud" | "dna" | "store" | "signal">;

/** Reads outcomes and personas over the API, and documents where they lie. */
export async function personDna({ cloud, dna, store, signal }: Using, user: string): Promise<PersonDna> {
  const senders = await apiCaller(cloud, "penstock/exports", signal);
  const readers = await apiCaller(cloud, "penstock/personas", signal);
  const documents: DnaDocument[] = [];
  for await (const { uri } of store.list(s3Uri(dna.data, documentsPrefix(user))))
    documents.push(v.parse(DnaDocument, await store.getJson(uri)));
  return {
    user,
    files: await fileOutcomes(senders, user),
    documents: documents.toSorted((left, right) => (left.file < right.file ? -1 : 1)),
    personas: await readPersonas(readers, user),
  };
}

/** Objects of a person, the exports themselves left out, in which one of these numbers stands as it was written. */
export async function leaksOf(
  { dna, store }: Pick<Using, "dna" | "store">,
  user: string,
  secrets: readonly string[],
): Promise<string[]> {
  const leaks: string[] = [];
  for (const bucket of [dna.data, dna.work]) {
    for await (const { uri, bytes } of store.list(s3Uri(bucket, personPrefix(user)))) {
      if (parseS3Uri(uri).key.startsWith(`${user}/stage1/`)) continue;
      const text = Buffer.from(await store.range(uri, 0, bytes)).toString("utf8");
      if (secrets.some((secret) => text.includes(secret))) leaks.push(uri);
    }
  }
  return leaks;
}
