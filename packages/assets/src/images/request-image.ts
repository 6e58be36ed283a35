import { isDeepStrictEqual } from "node:util";
import {
  type Caller,
  type ImageMessage,
  type ImageRequest,
  keyOwner,
  oneLine,
  type PendingImage,
  pendingImage,
} from "@penstock/contracts";
import { Unexpected } from "@penstock/runtime/errors";
import type { ImageRecords } from "./claim.ts";

export interface RequestPorts {
  readonly records: Pick<ImageRecords, "create" | "find" | "fail">;
  /** Puts a message into the queue of pictures. */
  readonly send: (message: ImageMessage) => Promise<void>;
  /** Days that a record is kept. */
  readonly recordDays: number;
  /** A UUID that nobody has had. */
  readonly newId: () => string;
  readonly now: () => Date;
}

/**
 * Has a picture drawn: the record first, so that whoever gets the message finds it and whoever asks for the status too, then the
 * message. A message that does not come into the queue ends the request, unless somebody draws it already: then it did come.
 * @throws what `send` throws
 */
export async function requestImage(
  ports: RequestPorts,
  caller: Caller,
  wanted: ImageRequest,
): Promise<PendingImage> {
  const { records, send, recordDays, newId, now } = ports;
  const record = pendingImage({
    id: newId(),
    user: caller.subject,
    owner: keyOwner(caller),
    prompt: oneLine(wanted.prompt),
    style: wanted.style,
    aspectRatio: wanted.aspect_ratio,
    at: now(),
    days: recordDays,
  });
  // Where the answer to a first try was lost, the second finds what the first has written.
  const there =
    (await records.create(record)) || isDeepStrictEqual(await records.find(record.request_id), record);
  if (!there)
    throw new Unexpected("a new id of a picture is somebody's already: the source of ids repeats itself");
  try {
    await send({ version: 1, request_id: record.request_id });
  } catch (error) {
    const nobody = { id: "nobody", now: now().getTime() };
    if (await records.fail(record.request_id, nobody, "not_queued")) throw error;
  }
  return record;
}
