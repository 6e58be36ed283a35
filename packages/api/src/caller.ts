import { type Caller, Subject } from "@penstock/contracts";
import * as v from "valibot";
import { Problem } from "./problem.ts";

/** What is read of an access token of Cognito: of a person's it has `username`, of a program's it has not. */
const Claims = v.object({ sub: Subject, username: v.optional(v.string()) });

/** Who asks, by the claims of a verified token; undefined where they do not say. Nothing of a request itself counts. */
export function callerOf(claims: unknown): Caller | undefined {
  const parsed = v.safeParse(Claims, claims);
  if (!parsed.success) return undefined;
  return { subject: parsed.output.sub, person: parsed.output.username !== undefined };
}

/** Who asks, of a request for something that is somebody's own. @throws {Problem} `unauthorized` */
export function requireCaller(caller: Caller | undefined): Caller {
  if (caller !== undefined) return caller;
  throw new Problem("unauthorized", "The token does not say whose it is. Get one of the user pool's own.", {
    headers: { "www-authenticate": `Bearer error="invalid_token"` },
  });
}
