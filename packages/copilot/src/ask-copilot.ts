import type { CopilotAnswer, CopilotRefusal, CurrentBuild } from "@penstock/contracts";
import type { ObjectStore } from "@penstock/runtime/aws";
import type { TextModel } from "@penstock/runtime/model";
import { CopilotNotReady } from "./errors.ts";
import type { QueryEngine } from "./ports/query-engine.ts";
import type { CopilotSettings } from "./settings.ts";

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

/** What comes of a question: an answer, or why there is none. */
export type CopilotOutcome =
  | { readonly outcome: "answered"; readonly answer: CopilotAnswer }
  | { readonly outcome: "refused"; readonly refusal: CopilotRefusal };

/**
 * Answers a question in words from the marts.
 * @throws {CopilotNotReady} before the first build of the marts
 * @throws {QueryTooSlow} when the query took more than `settings.maxSeconds`
 * @throws {QueryFailed} when Athena could not run the query
 * @throws {ModelThrottled} {@link Throttled} {@link UpstreamUnavailable} {@link AccessDenied} of the services
 */
export async function askCopilot(_question: string, { currentBuild }: CopilotPorts): Promise<CopilotOutcome> {
  if ((await currentBuild()) === undefined) throw new CopilotNotReady();
  throw new Error("the copilot is being built");
}
