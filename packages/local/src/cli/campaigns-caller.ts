import type { CallApi } from "../main-job/call-api.ts";
import { UsageError } from "./usage.ts";

const SCOPE = "penstock/campaigns";

/** Options that every command about campaigns and pictures has. */
export const callerOptions = {
  user: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** The part of their usage that is the same. */
export const callerUsage = `  --user NAME  as this person: everybody sees their own things only; as a program when not given
  --json       print the whole answer
A deployed stage is asked over its HTTP API: see docs/operations.md, "The API".`;

/**
 * Calls the API of the local cloud that runs, as a person by their name or as a program.
 * @throws {UsageError | NoLocalCloud | NoApiClient}
 */
export async function campaignsCaller(user: string | undefined): Promise<CallApi> {
  if (user !== undefined && !/^[\p{L}\p{N}._-]{1,64}$/u.test(user))
    throw new UsageError("--user takes a name of 1 to 64 letters, digits, dots, dashes and underscores.");
  const [{ runningCloud, NoLocalCloud }, { apiCaller, personCaller }] = await Promise.all([
    import("./running-cloud.ts"),
    import("../main-job/call-api.ts"),
  ]);
  const cloud = await runningCloud();
  if (cloud === undefined) throw new NoLocalCloud();
  const { signal } = new AbortController();
  const place = { httpApis: cloud };
  return user === undefined ? apiCaller(place, SCOPE, signal) : personCaller(place, user, SCOPE, signal);
}
