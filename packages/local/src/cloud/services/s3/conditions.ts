import type { IncomingMessage } from "node:http";
import { header } from "../../gateway/call.ts";
import { noSuchKey, type ObjectFacts, preconditionFailed } from "./stored-object.ts";

function names(condition: string, etag: string): boolean {
  const bare = etag.replaceAll('"', "");
  return condition.split(",").some((part) => {
    const candidate = part.trim().replace(/^W\//, "").replaceAll('"', "");
    return candidate === "*" || candidate === bare;
  });
}

/**
 * Whether a read may answer with the object, in RFC 9110's order of conditions.
 * @returns false where the answer is 304 Not Modified @throws {AwsError} PreconditionFailed
 */
export function readAllowed(request: IncomingMessage, object: ObjectFacts): boolean {
  const seconds = Math.floor(object.lastModified.getTime() / 1000);
  const secondsOf = (value: string) => Math.floor(Date.parse(value) / 1000);
  const ifMatch = header(request, "if-match");
  const unmodified = header(request, "if-unmodified-since");
  if (
    ifMatch !== undefined
      ? !names(ifMatch, object.etag)
      : unmodified !== undefined && seconds > secondsOf(unmodified)
  ) {
    throw preconditionFailed();
  }
  const ifNoneMatch = header(request, "if-none-match");
  const modified = header(request, "if-modified-since");
  if (ifNoneMatch !== undefined) return !names(ifNoneMatch, object.etag);
  return modified === undefined || seconds > secondsOf(modified);
}

/**
 * Holds a write back unless its conditions hold. Call it in the same turn as the write itself: then no other write
 * can come between. @throws {AwsError} PreconditionFailed, or NoSuchKey for If-Match on an object that is gone
 */
export function requireWriteAllowed(request: IncomingMessage, existing: ObjectFacts | undefined): void {
  const ifMatch = header(request, "if-match");
  if (ifMatch !== undefined) {
    if (existing === undefined) throw noSuchKey();
    if (!names(ifMatch, existing.etag)) throw preconditionFailed();
  }
  const ifNoneMatch = header(request, "if-none-match");
  if (ifNoneMatch !== undefined && existing !== undefined && names(ifNoneMatch, existing.etag)) {
    throw preconditionFailed();
  }
}
