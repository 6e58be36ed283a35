import {
  type AskedQuestion,
  askedQuestionKey,
  type CopilotAnswer,
  type CopilotRefusal,
  type CurrentBuild,
  MartsManifest,
  manifestKey,
} from "@penstock/contracts";
import type { ObjectStore } from "@penstock/runtime/aws";
import { ContractViolation } from "@penstock/runtime/errors";
import type { TextModel } from "@penstock/runtime/model";
import * as v from "valibot";
import { CopilotNotReady } from "./errors.ts";
import { bindBuild } from "./guard/bind-build.ts";
import type { CheckedQuery } from "./guard/check-query.ts";
import { Refused } from "./guard/refused.ts";
import { withoutPersonalData } from "./personal-data.ts";
import type { QueryEngine } from "./ports/query-engine.ts";
import { readQuestion } from "./read-question.ts";
import { readValue } from "./read-value.ts";
import { type QueryRun, runQuery } from "./run-query.ts";
import type { CopilotSettings } from "./settings.ts";
import { type Progress, writeQuery } from "./write-query.ts";

/** Everything that reaches out of the copilot. */
export interface CopilotPorts {
  readonly settings: CopilotSettings;
  readonly model: TextModel;
  readonly engine: QueryEngine;
  /** The current build of the marts; undefined before the first. */
  readonly currentBuild: () => Promise<CurrentBuild | undefined>;
  /** Holds the manifest of the build, and takes the log of questions. */
  readonly store: Pick<ObjectStore, "getJson" | "putJson">;
  readonly now: () => Date;
  /** A name for a question, unlike any other. */
  readonly newId: () => string;
  /** Told when the log of questions could not be written: the answer stands all the same. */
  readonly onLogFailure: (error: unknown) => void;
}

/** Characters of a question that are kept: twice what is answered. */
const MOST_NOTED = 1000;

/** What comes of a question: an answer, or why there is none. */
export type CopilotOutcome =
  | { readonly outcome: "answered"; readonly answer: CopilotAnswer }
  | { readonly outcome: "refused"; readonly refusal: CopilotRefusal };

/**
 * Answers a question in words from the marts: a model writes one query under their schema, which is read, checked,
 * written anew over the current build and run. What was asked is kept in the copilot's bucket, masked.
 * @throws {CopilotNotReady} before the first build of the marts
 * @throws {QueryTooSlow} when the query took more than `settings.maxSeconds`
 * @throws {TooLarge} when Athena's workgroup cut it off
 * @throws {QueryFailed} when Athena could not run the query
 * @throws {ModelOutputInvalid} when the model's reply was cut off or empty
 * @throws {ModelThrottled} {@link Throttled} {@link UpstreamUnavailable} {@link AccessDenied} of the services
 */
export async function askCopilot(question: string, ports: CopilotPorts): Promise<CopilotOutcome> {
  const { now, newId, store, settings, onLogFailure } = ports;
  const progress: Progress = { model: undefined, sql: undefined };
  const noted = withoutPersonalData(question).slice(0, MOST_NOTED);
  const asked = { id: newId(), asked_at: now().toISOString(), question: noted };
  const log = async (came: Pick<AskedQuestion, "outcome" | "reason" | "seconds" | "scanned_bytes">) => {
    const sql = progress.sql === undefined ? null : withoutPersonalData(progress.sql);
    const entry: AskedQuestion = { ...asked, sql, ...came };
    await store
      .putJson(`s3://${settings.copilotBucket}/${askedQuestionKey(entry)}`, entry)
      .catch(onLogFailure);
  };
  try {
    const { answer, seconds } = await answered(question, ports, progress);
    await log({ outcome: "answered", reason: null, seconds, scanned_bytes: answer.scanned_bytes });
    return { outcome: "answered", answer };
  } catch (error) {
    const refused = error instanceof Refused;
    const reason = refused ? error.code : error instanceof Error ? error.name : "Unexpected";
    await log({ outcome: refused ? "refused" : "failed", reason, seconds: null, scanned_bytes: null });
    if (!refused) throw error;
    return { outcome: "refused", refusal: refusalOf(question, error, progress) };
  }
}

function refusalOf(question: string, { code, message }: Refused, { model, sql }: Progress): CopilotRefusal {
  return {
    question,
    code,
    reason: message,
    sql: sql ?? null,
    model: model?.model ?? null,
    offline: model?.offline ?? null,
  };
}

async function answered(
  question: string,
  { settings, model, engine, currentBuild, store }: CopilotPorts,
  progress: Progress,
): Promise<{ answer: CopilotAnswer; seconds: number }> {
  const words = readQuestion(question);
  const current = await currentBuild();
  if (current === undefined) throw new CopilotNotReady();
  const manifest = await manifestOf(current.build, settings, store);
  const query = await writeQuery(words, model, manifest, settings, progress);
  progress.sql = query.sql;
  const run = await runQuery(engine, bindBuild(query, settings.database, current.build), settings);
  const spoke = progress.model ?? { model: settings.modelId, offline: false };
  return {
    answer: { question, sql: query.sql, ...spoke, ...rowsOf(run, query), build: current.build },
    seconds: run.seconds,
  };
}

async function manifestOf(
  build: string,
  { martsBucket }: CopilotSettings,
  store: CopilotPorts["store"],
): Promise<MartsManifest> {
  const uri = `s3://${martsBucket}/${manifestKey(build)}` as const;
  const parsed = v.safeParse(MartsManifest, await store.getJson(uri));
  if (parsed.success) return parsed.output;
  throw new ContractViolation(`${uri} is not the manifest of a build`);
}

function rowsOf({ id, columns, rows, scannedBytes }: QueryRun, { limit, limited }: CheckedQuery) {
  const truncated = limited && rows.length >= limit;
  const warnings = [
    ...(truncated ? [`Only the first ${limit} rows are shown.`] : []),
    ...(rows.length === 0 ? ["Nothing in the marts fits the question: look at the values it names."] : []),
  ];
  return {
    columns: columns.map(({ name, type }) => ({ name, type })),
    rows: rows.map((row) => row.map((value, at) => readValue(value, columns[at]?.type ?? "varchar"))),
    truncated,
    scanned_bytes: scannedBytes,
    query_id: id,
    warnings,
  };
}
