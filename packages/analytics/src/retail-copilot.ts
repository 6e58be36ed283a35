import { type AnalystTable, AskedQuestion, askedQuestionsPrefix, marts, systems } from "@penstock/contracts";
import { QueryPatternsResult, type QueryUse, queryPatterns } from "@penstock/models";
import { inParallel, type ObjectFacts, s3Uri } from "@penstock/runtime";
import * as v from "valibot";
import type { AnalyticsPorts, QueryHistory, QueryRun } from "./ports.ts";
import { type Report, type Reports, reportSystem } from "./report.ts";
import { soundAnswer } from "./sound-answer.ts";
import type { SystemInput, SystemSummary } from "./system-input.ts";

const SYSTEM = "retail-copilot";
const DAY_MS = 86_400_000;

/**
 * Retail Copilot: patterns of what is asked of the marts, from the questions that were logged and Athena's history of
 * the workgroup. Neither questions nor values of queries get into the report.
 */
export function retailCopilot(
  input: SystemInput,
  ports: AnalyticsPorts & { readonly history: QueryHistory },
): Promise<SystemSummary> {
  return reportSystem(SYSTEM, input, [], ports, async function* (): Reports {
    const { queryDays, maxQueries } = ports.settings;
    const since = new Date(ports.now().getTime() - queryDays * DAY_MS);
    const { questions, unreadable } = await askedQuestions(since, ports);
    const runs = await ports.history.latest(since, maxQueries);
    const uses = [...questions.flatMap(questionUse), ...runs.flatMap(runUse)];
    const details = {
      days: queryDays,
      questions: questions.length,
      questions_without_sql: questions.filter(({ sql }) => sql === null).length,
      questions_refused: questions.filter(({ outcome }) => outcome === "refused").length,
      questions_unreadable: unreadable,
    };
    const known = knownNames(Object.values(ports.settings.database));
    const result = soundAnswer(QueryPatternsResult, queryPatterns(uses, known));
    yield ["query-patterns", patternReport(result, details)];
  });
}

function patternReport(result: QueryPatternsResult, details: Readonly<Record<string, number>>): Report {
  if (result.status !== "ok") return { answer: result, rows: [] };
  const { patterns, ...answer } = result;
  return {
    answer: { ...answer, details },
    rows: patterns.map(({ tables, ...pattern }) => ({ ...pattern, tables: tables.join(", ") })),
  };
}

/** The latest questions since that moment, day by day and of a day by the moment at which they were logged. One that is not in its form is counted and left out. */
async function askedQuestions(
  since: Date,
  { store, settings, now }: AnalyticsPorts,
): Promise<{ readonly questions: readonly AskedQuestion[]; readonly unreadable: number }> {
  const questions: AskedQuestion[] = [];
  let unreadable = 0;
  for (let day = now().getTime(); day >= since.getTime() - DAY_MS; day -= DAY_MS) {
    const prefix = askedQuestionsPrefix(new Date(day).toISOString().slice(0, 10));
    const logged: ObjectFacts[] = [];
    for await (const object of store.list(s3Uri(settings.prod[SYSTEM], prefix))) logged.push(object);
    logged.sort((a, b) => b.lastModified.getTime() - a.lastModified.getTime() || (a.uri < b.uri ? -1 : 1));
    const room = settings.maxQueries - questions.length;
    const found = await inParallel(logged.slice(0, room), async ({ uri }) =>
      v.safeParse(AskedQuestion, await store.getJson(uri)),
    );
    questions.push(...found.flatMap((one) => (one.success ? one.output : [])));
    unreadable += found.filter(({ success }) => !success).length;
    if (questions.length >= settings.maxQueries) break;
  }
  return { questions, unreadable };
}

function questionUse({ sql, outcome, asked_at, seconds, scanned_bytes }: AskedQuestion): QueryUse[] {
  if (sql === null) return [];
  const went = outcome === "answered" ? "succeeded" : outcome;
  return [{ sql, source: "question", outcome: went, at: asked_at, seconds, scanned_bytes }];
}

/** A query that still runs says nothing yet. */
function runUse({ sql, state, submittedAt, seconds, scannedBytes }: QueryRun): QueryUse[] {
  if (state === "QUEUED" || state === "RUNNING") return [];
  const outcome = state === "SUCCEEDED" ? "succeeded" : "failed";
  const at = submittedAt.toISOString();
  return [{ sql, source: "history", outcome, at, seconds, scanned_bytes: scannedBytes }];
}

/** The marts are the tables that count; every name of ours may stand in a pattern. */
function knownNames(databases: readonly string[]) {
  const reports = Object.values(systems).flatMap(({ reports: own }) => Object.values(own));
  const tables: AnalystTable[] = [...Object.values(marts), ...reports.map(({ table }) => table)];
  const columns = tables.flatMap((table) => [...table.columns, ...table.partitionKeys]);
  const others = [...tables, ...columns].map(({ name }) => name);
  return { tables: new Set(Object.keys(marts)), others: new Set([...others, ...databases]) };
}
