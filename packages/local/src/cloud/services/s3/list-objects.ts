import { answerXml, escapeXml } from "../../gateway/answer.ts";
import { AwsError } from "../../gateway/aws-error.ts";
import type { Call } from "../../gateway/call.ts";
import type { Bucket } from "./bucket.ts";
import { byUtf8, type StoredObject } from "./stored-object.ts";

const PAGE = 1000;

interface Page {
  readonly objects: readonly StoredObject[];
  readonly prefixes: readonly string[];
  /** The last key or prefix on the page when more follow. */
  readonly next: string | undefined;
}

/** The index of the first key that is not before a bound. */
function firstFrom(keys: readonly string[], bound: string): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (byUtf8(keys[middle] ?? "", bound) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** One page of a listing: keys after `after`, those with a delimiter beyond the prefix rolled up into prefixes. */
function page(bucket: Bucket, prefix: string, delimiter: string, after: string, limit: number): Page {
  const objects: StoredObject[] = [];
  const prefixes: string[] = [];
  let last = "";
  const keys = bucket.keys();
  const start = byUtf8(prefix, after) > 0 ? firstFrom(keys, prefix) : firstFrom(keys, after);
  for (let index = start; index < keys.length; index++) {
    const key = keys[index] ?? "";
    if (key === after && after !== "") continue;
    // In order, the keys of a prefix stand together.
    if (!key.startsWith(prefix)) break;
    const cut = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    const rolled = cut === -1 ? undefined : key.slice(0, cut + delimiter.length);
    // A page that ended with a rolled-up prefix is done with every key below it.
    if (rolled !== undefined && (rolled === prefixes.at(-1) || rolled === after)) continue;
    if (objects.length + prefixes.length >= limit)
      return { objects, prefixes, next: limit === 0 ? undefined : last };
    last = rolled ?? key;
    if (rolled !== undefined) prefixes.push(rolled);
    else {
      const object = bucket.get(key);
      if (object !== undefined) objects.push(object);
    }
  }
  return { objects, prefixes, next: undefined };
}

/** How a key stands in the answer: as it is, or percent-encoded where the caller asked for that. */
function writer(call: Call): (key: string) => string {
  const encoding = call.query.get("encoding-type");
  if (encoding === null) return escapeXml;
  if (encoding !== "url")
    throw new AwsError("InvalidArgument", "Invalid Encoding Method specified in Request");
  return (key) => encodeURIComponent(key).replaceAll("%2F", "/");
}

function limitOf(call: Call): number {
  const given = call.query.get("max-keys");
  if (given === null) return PAGE;
  const limit = Number(given);
  if (!Number.isInteger(limit) || limit < 0) {
    throw new AwsError("InvalidArgument", "Provided max-keys not an integer or within integer range");
  }
  return Math.min(limit, PAGE);
}

/** ListObjects and, with `list-type=2`, ListObjectsV2. */
export function listObjects(call: Call, bucket: Bucket): void {
  const second = call.query.get("list-type") === "2";
  const prefix = call.query.get("prefix") ?? "";
  const delimiter = call.query.get("delimiter") ?? "";
  const token = call.query.get("continuation-token");
  const startAfter = call.query.get("start-after") ?? "";
  const marker = call.query.get("marker") ?? "";
  const limit = limitOf(call);
  const write = writer(call);
  const after = second ? (token === null ? startAfter : Buffer.from(token, "base64url").toString()) : marker;
  const { objects, prefixes, next } = page(bucket, prefix, delimiter, after, limit);

  const contents = objects.map(
    (object) =>
      `<Contents><Key>${write(object.key)}</Key><LastModified>${object.lastModified.toISOString()}</LastModified>` +
      `<ETag>${escapeXml(object.etag)}</ETag><Size>${object.size}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
  );
  const rolled = prefixes.map((each) => `<CommonPrefixes><Prefix>${write(each)}</Prefix></CommonPrefixes>`);
  const head = [
    `<Name>${bucket.name}</Name><Prefix>${write(prefix)}</Prefix><MaxKeys>${limit}</MaxKeys>`,
    `<IsTruncated>${next !== undefined}</IsTruncated>`,
    delimiter === "" ? "" : `<Delimiter>${write(delimiter)}</Delimiter>`,
    call.query.has("encoding-type") ? "<EncodingType>url</EncodingType>" : "",
  ];
  if (second) {
    head.push(`<KeyCount>${objects.length + prefixes.length}</KeyCount>`);
    if (token !== null) head.push(`<ContinuationToken>${escapeXml(token)}</ContinuationToken>`);
    if (startAfter !== "") head.push(`<StartAfter>${write(startAfter)}</StartAfter>`);
    if (next !== undefined) {
      head.push(`<NextContinuationToken>${Buffer.from(next).toString("base64url")}</NextContinuationToken>`);
    }
  } else {
    head.push(`<Marker>${write(marker)}</Marker>`);
    if (next !== undefined && delimiter !== "") head.push(`<NextMarker>${write(next)}</NextMarker>`);
  }
  const body = [...head, ...contents, ...rolled].join("");
  answerXml(
    call,
    200,
    `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${body}</ListBucketResult>`,
  );
}
