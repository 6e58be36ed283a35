import type { Caller, ImageId, ImageRecord, ImageStatus } from "@penstock/contracts";
import type { ImageRecords } from "./claim.ts";

export interface StatusPorts {
  readonly records: Pick<ImageRecords, "find" | "fail">;
  /** Minutes after which a picture that nobody drew counts as lost. */
  readonly lostMinutes: number;
  readonly now: () => Date;
}

/**
 * How a caller's picture stands; undefined for one that was never asked for, is somebody else's, or is over its time (DynamoDB removes
 * it days later). One that was asked for too long ago, and that nobody draws, is lost from now on, or of unknown outcome: what comes of it later
 * changes nothing and is not paid.
 */
export async function imageStatus(
  { records, lostMinutes, now }: StatusPorts,
  caller: Caller,
  id: ImageId,
): Promise<ImageStatus | undefined> {
  const at = now().getTime();
  const own = async () => {
    const record = await records.find(id);
    if (record?.user_id !== caller.subject || record.expires_at * 1000 <= at) return undefined;
    return record;
  };
  const record = await own();
  if (record === undefined) return undefined;
  const waits = record.status === "pending" && at - Date.parse(record.created_at) > lostMinutes * 60_000;
  if (!waits) return shown(record);
  // A model that was asked may have been paid, and its picture may lie at its key.
  const error = record.asked_at === undefined ? "lost" : "outcome_unknown";
  await records.fail(id, { id: "nobody", now: at }, error);
  const after = await own();
  return after && shown(after);
}

function shown(record: ImageRecord): ImageStatus {
  const { request_id, prompt, style, aspect_ratio, created_at } = record;
  const common = { request_id, prompt, style, aspect_ratio, created_at };
  if (record.status === "completed") {
    const { s3_key, s3_url, generated_at } = record;
    return { ...common, status: "completed", s3_key, s3_url, generated_at };
  }
  if (record.status === "failed") return { ...common, status: "failed", error: record.error };
  return { ...common, status: "pending" };
}
