import type { WorkGroup } from "../program/work-groups.ts";
import { invalid } from "./invalid-request.ts";

/** Where results go: the workgroup's place or the caller's, with a slash at its end. @throws {AwsError} InvalidRequestException */
export function outputOf(group: WorkGroup, wanted: string | undefined): string {
  const chosen = group.enforced ? (group.outputLocation ?? wanted) : (wanted ?? group.outputLocation);
  if (chosen === undefined) {
    throw invalid(
      "No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.",
    );
  }
  if (!/^s3:\/\/[^/]+(\/.*)?$/.test(chosen)) throw invalid("outputLocation is not a valid S3 path.");
  return chosen.endsWith("/") ? chosen : `${chosen}/`;
}
