import type { SdkAnswer } from "../../aws-clients.ts";
import { isRecord } from "../../integrations/arguments.ts";

/** A crawler's calls to S3 and to the catalogue, as its role. */
export type CrawlCalls = (
  service: "glue" | "s3",
  action: string,
  input: object,
) => Promise<SdkAnswer["output"]>;

/** An object that a crawler looks at. */
export interface SeenObject {
  readonly key: string;
  readonly bytes: number;
}

/** `s3://bucket/a/b` and `bucket/a/b` alike. */
export function placeOf(path: string): { readonly bucket: string; readonly prefix: string } {
  const [bucket = "", ...parts] = path.replace(/^s3:\/\//, "").split("/");
  return { bucket, prefix: parts.join("/") };
}

/** Objects under a prefix. Empty ones stand for folders, and what has a name with `_` or `.` before it is hidden. */
export async function visibleObjects(
  call: CrawlCalls,
  { bucket, prefix }: { readonly bucket: string; readonly prefix: string },
): Promise<SeenObject[]> {
  const found: SeenObject[] = [];
  let next: unknown;
  do {
    const more = next === undefined ? {} : { ContinuationToken: next };
    const page = await call("s3", "listObjectsV2", { Bucket: bucket, Prefix: prefix, ...more });
    for (const each of Array.isArray(page.Contents) ? page.Contents : []) {
      if (!isRecord(each) || typeof each.Key !== "string" || typeof each.Size !== "number") continue;
      const below = each.Key.slice(prefix.lastIndexOf("/") + 1);
      if (each.Size > 0 && !/(^|\/)[._]/.test(below)) found.push({ key: each.Key, bytes: each.Size });
    }
    next = page.NextContinuationToken;
  } while (next !== undefined);
  return found;
}
