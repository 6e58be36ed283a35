import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Rules } from "./compare.ts";

/** One task that AWS ran for a recorded execution, and what came of it. */
export interface RecordedTask {
  readonly state: string;
  readonly attempt: number;
  readonly submitted?: unknown;
  readonly outcome: "succeeded" | "failed" | "timed-out" | "none";
  readonly output?: unknown;
  readonly error?: string | null;
  readonly cause?: unknown;
}

/** An event of a recorded history; its details are under a member named after its type. */
export interface RecordedEvent extends Readonly<Record<string, unknown>> {
  readonly id: number;
  readonly previousEventId: number;
  readonly type: string;
}

export interface Expected extends Readonly<Record<string, unknown>> {
  readonly status: string;
  readonly output?: unknown;
  readonly error?: string | null;
  readonly cause?: unknown;
  readonly history?: readonly RecordedEvent[];
  readonly historyMode?: "exact" | "branches" | "subset" | "none";
  readonly racy?: boolean;
}

export interface RecordedLambda {
  readonly arn: string;
  readonly behaviour: string;
  readonly stackTrace?: readonly string[];
}

export interface Setup {
  readonly lambdas?: Readonly<Record<string, RecordedLambda>>;
  readonly s3?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly now?: string;
  readonly stoppedByCaller?: { readonly error?: string; readonly cause?: string };
}

/** What a test of one state was called with, decoded; members with other names go into the call as they are. */
export interface RecordedTestState extends Readonly<Record<string, unknown>> {
  readonly variables?: unknown;
  readonly context?: unknown;
  readonly mock?: Readonly<Record<string, unknown>>;
}

/** One case, with everything replaced whose value is known. */
export interface Case {
  readonly id: string;
  readonly group: string;
  readonly kind: "execution" | "test-state" | "validate";
  readonly queryLanguage: string;
  readonly type: "STANDARD" | "EXPRESS";
  readonly definition: unknown;
  readonly input: unknown;
  readonly testState?: RecordedTestState;
  readonly setup: Setup;
  readonly tasks: readonly RecordedTask[];
  readonly rules: Rules;
  readonly expected: Expected;
}

interface RawCase extends Omit<Case, "setup" | "tasks" | "rules"> {
  readonly wildcards?: readonly string[];
  readonly setup?: Setup;
  readonly tasks?: readonly RecordedTask[];
  readonly bindings?: Readonly<Record<string, string>>;
}

/** Instants that recordings hide, beside the wildcards that each case lists. */
const alwaysWild = ["<date>", "<timestamp>"];

/** The cases in JSONata of a folder and its `translated/`; undefined when there is no such folder. */
export function readCases(folder: string): Case[] | undefined {
  if (!existsSync(folder)) return undefined;
  const folders = [folder, join(folder, "translated")].filter(existsSync);
  const files = folders.flatMap((from) =>
    readdirSync(from)
      .filter((name) => name.endsWith(".jsonl"))
      .sort()
      .map((name) => join(from, name)),
  );
  return files
    .flatMap((file) => readFileSync(file, "utf8").split("\n").filter(Boolean))
    .map((line): RawCase => JSON.parse(line))
    .filter(({ queryLanguage }) => queryLanguage === "JSONata")
    .map(resolve);
}

function resolve({ bindings = {}, wildcards = [], ...raw }: RawCase): Case {
  return {
    ...raw,
    setup: raw.setup ?? {},
    rules: { wildcards: [...wildcards, ...alwaysWild], replayed: raw.tasks !== undefined },
    definition: bind(raw.definition, bindings),
    expected: bind(raw.expected, bindings),
    tasks: bind(raw.tasks ?? [], bindings),
  };
}

/** Replaces known placeholders, also inside longer strings; a value may itself hold placeholders. */
function bind<T>(value: T, bindings: Readonly<Record<string, string>>): T {
  let text = JSON.stringify(value);
  if (text === undefined) return value;
  for (const [placeholder, replacement] of Object.entries(bindings)) {
    text = text.replaceAll(placeholder, JSON.stringify(replacement).slice(1, -1));
  }
  return JSON.parse(text);
}
