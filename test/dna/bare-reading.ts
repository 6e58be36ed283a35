import { createHash } from "node:crypto";
import {
  type ChunkRecord,
  chunkKey,
  type DnaFlag,
  type ExportChunk,
  type ExportPlan,
  type FlagCode,
  planKey,
} from "@penstock/contracts";
import type { DnaSettings } from "@penstock/dna";
import { type ObjectStore, type S3Uri, s3Uri } from "@penstock/runtime";
import { hiddenTextFlags, nameFlags, textFlags } from "../../packages/dna/src/flags/flags.ts";
import { type HostileFile, innocent } from "./hostile-files.ts";

/** Whether what is suspicious is told: without it there is no more than the walls behind. */
export interface Reading {
  readonly flags: boolean;
}

const hidden = new Set(["HTML comment", "HTML attribute", "hidden element"]);
const nowhere = new Set([...hidden, "file name", "ZIP name", "header"]);

/**
 * Plan and chunk of a file as reading would write them, made of what the test knows of it: the payload as a record, a header,
 * a member's name, or nothing that a model is shown. Files are not parsed here.
 */
export async function bareReading(
  { name: file, bytes, carrier, said }: HostileFile,
  user: string,
  { data: _, work }: Pick<DnaSettings, "data" | "work">,
  store: ObjectStore,
  { flags }: Reading,
): Promise<S3Uri> {
  const sha256 = createHash("sha256").update(`${file} ${flags}`).update(bytes).digest("hex");
  const reading = sha256.slice(0, 16);
  const codes = !flags
    ? []
    : carrier === "file name"
      ? nameFlags(file)
      : hidden.has(carrier)
        ? hiddenTextFlags(said)
        : textFlags(said);
  const texts = nowhere.has(carrier) ? innocent : [...innocent, `Note: ${said}`];
  const records = texts.map(
    (text, at): ChunkRecord => ({
      label: `r${at + 1}`,
      row: at + 1,
      offset: null,
      text,
      flagged: flags && textFlags(text).length > 0,
    }),
  );
  const chunk: ExportChunk = {
    chunk: 0,
    sections: [
      {
        member: carrier === "ZIP name" ? said : null,
        path: null,
        header: carrier === "header" ? `Date, Shop, ${said}` : "Date, Shop",
        records,
      },
    ],
    tokens: 100,
  };
  const plan: ExportPlan = {
    contract: 1,
    user,
    file,
    reading,
    state: "ready",
    reason: null,
    facts: {
      bytes: bytes.length,
      etag: createHash("md5").update(bytes).digest("hex"),
      sha256,
      arrived_at: "2026-01-01T00:00:00.000Z",
      format: "csv",
      encoding: "utf-8",
      records: records.length,
      columns: 2,
      dialect: null,
      members: [],
      repairs: {
        double_encoded: 0,
        other_encoding_lines: 0,
        broken_quotes: 0,
        ragged_rows: 0,
        bad_lines: 0,
      },
    },
    masked: { cards: 0, national_ids: 0, emails: 0 },
    flags: codes.map((code: FlagCode): DnaFlag => ({ code, evidence: null, count: 1 })),
    chunks: 1,
    left_out: 0,
    prompt: "categorise@1",
    model: "us.amazon.nova-pro-v1:0",
  };
  const uri = s3Uri(work, planKey({ user, reading, byHand: false }));
  await store.putJson(s3Uri(work, chunkKey({ user, reading }, 0)), chunk);
  await store.putJson(uri, plan);
  return uri;
}
