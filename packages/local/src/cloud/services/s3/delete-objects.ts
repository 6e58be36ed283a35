import { XMLParser } from "fast-xml-parser";
import { answerXml, escapeXml } from "../../gateway/answer.ts";
import { AwsError, NotImplemented } from "../../gateway/aws-error.ts";
import type { Call } from "../../gateway/call.ts";
import { readBody } from "../../gateway/request-body.ts";
import type { Bucket } from "./bucket.ts";
import type { Buckets } from "./buckets.ts";

function remove(call: Call, buckets: Buckets, bucket: Bucket, key: string): void {
  const removed = bucket.remove(key);
  if (removed === undefined) return;
  const { object, sequencer } = removed;
  buckets.onChange({
    kind: "deleted",
    reason: "DeleteObject",
    bucket: bucket.name,
    key,
    size: object.size,
    etag: object.etag.replaceAll('"', ""),
    sequencer,
    call,
  });
}

/** DeleteObject: the same answer whether or not there was something. */
export function deleteObject(call: Call, buckets: Buckets, bucket: Bucket, key: string): void {
  remove(call, buckets, bucket, key);
  call.response.writeHead(204, { "x-amz-request-id": call.requestId }).end();
}

// Numeric references too: a key with a line break comes as &#xA;.
const xml = new XMLParser({
  htmlEntities: true,
  parseTagValue: false,
  trimValues: false,
  isArray: (name) => name === "Object",
});

interface DeleteDocument {
  Delete?: { Quiet?: unknown; Object?: { Key?: unknown; ETag?: unknown; VersionId?: unknown }[] };
}

/** DeleteObjects: up to 1000 keys in one request. */
export async function deleteObjects(call: Call, buckets: Buckets, bucket: Bucket): Promise<void> {
  const malformed = () =>
    new AwsError(
      "MalformedXML",
      "The XML you provided was not well-formed or did not validate against our published schema",
    );
  let document: DeleteDocument;
  try {
    document = xml.parse(await readBody(call.request, 2 * 1024 * 1024));
  } catch (error) {
    throw error instanceof AwsError ? error : malformed();
  }
  const named = document.Delete?.Object ?? [];
  if (named.length === 0 || named.length > 1000) throw malformed();
  const keys = named.map(({ Key, ETag, VersionId }) => {
    if (ETag !== undefined || VersionId !== undefined)
      throw new NotImplemented("s3", "DeleteObjects with ETag or VersionId");
    if (typeof Key !== "string" || Key === "") throw malformed();
    return Key;
  });
  const quiet = document.Delete?.Quiet === "true";
  const answers: string[] = [];
  for (const key of keys) {
    // Each key by itself: those that the caller may not delete do not keep the others.
    const refused = await call.refusal("s3:DeleteObject", `arn:aws:s3:::${bucket.name}/${key}`);
    if (refused === undefined) remove(call, buckets, bucket, key);
    const named = `<Key>${escapeXml(key)}</Key>`;
    if (refused !== undefined) {
      const { code, message } = refused;
      answers.push(`<Error>${named}<Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`);
    } else if (!quiet) answers.push(`<Deleted>${named}</Deleted>`);
  }
  answerXml(
    call,
    200,
    `<DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${answers.join("")}</DeleteResult>`,
  );
}
