import { createHash } from "node:crypto";
import { createWriteStream, rmSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { answerXml, escapeXml } from "../../gateway/answer.ts";
import { AwsError, NotImplemented } from "../../gateway/aws-error.ts";
import { type Call, header } from "../../gateway/call.ts";
import type { CredentialIssuer } from "../../gateway/credentials.ts";
import type { Bucket } from "./bucket.ts";
import type { Buckets } from "./buckets.ts";
import { fieldOf, type PostForm } from "./post-form.ts";
import { judgeByPolicy, type SizeRange } from "./post-policy.ts";
import { missingField, verifySignature } from "./post-signature.ts";

/** Fields that become the object's headers, beside its own metadata. */
const KEPT = [
  "content-type",
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "expires",
];
/** Fields that are about the form itself. */
const OWN = [
  "key",
  "bucket",
  "policy",
  "success_action_status",
  "x-amz-algorithm",
  "x-amz-credential",
  "x-amz-date",
  "x-amz-security-token",
  "x-amz-signature",
];
const FILE_NAME = "$" + "{filename}";
/** S3 takes at most 5 GiB in one request. */
const LARGEST = 5 * 1024 ** 3;

/** The key that a form names; what stands for the file's name is filled in where the form gives one. */
export function postedKey(form: PostForm): string {
  const key = fieldOf(form, "key") ?? "";
  return form.file.name === undefined ? key : key.replaceAll(FILE_NAME, form.file.name);
}

/**
 * POST Object: a form puts its file where its policy lets it. In S3's order: the form's fields, who signed, the policy's time and
 * conditions, what whoever signed may do, the file's size. What is refused leaves nothing behind.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
 */
export async function postObject(
  call: Call,
  form: PostForm,
  buckets: Buckets,
  credentials: CredentialIssuer,
): Promise<void> {
  try {
    await take(call, form, buckets, credentials);
  } catch (error) {
    // Read to its end: the connection has another request after it.
    form.file.bytes.resume();
    throw error;
  }
}

async function take(
  call: Call,
  form: PostForm,
  buckets: Buckets,
  credentials: CredentialIssuer,
): Promise<void> {
  if (fieldOf(form, "key") === undefined) throw missingField("key");
  const bucket = buckets.get(form.bucket);
  const key = postedKey(form);
  const policy = verifySignature(form, { credentials, region: buckets.region });
  const sizes = judgeByPolicy({ bucket: bucket.name, key, fields: form.fields }, policy, new Date());
  const headers = headersOf(form);
  await call.admit();
  if (key === "") throw new AwsError("InvalidArgument", "User key must have a length greater than 0.");
  if (Buffer.byteLength(key) > 1024) throw new AwsError("KeyTooLongError", "Your key is too long");
  const file = buckets.incoming();
  const { size, md5 } = await receive(form, file, sizes);
  const object = bucket.put(
    { key, size, etag: `"${md5}"`, lastModified: new Date(), headers, checksums: {} },
    file,
  );
  answer(call, form, bucket, key, object.etag);
  const { sequencer } = object;
  buckets.onChange({
    kind: "created",
    reason: "POST Object",
    bucket: bucket.name,
    key,
    size,
    etag: md5,
    sequencer,
    call,
  });
}

/** What the object keeps of the form. @throws {NotImplemented} for a field that would do something else */
function headersOf({ fields }: PostForm): Record<string, string> {
  const kept: Record<string, string> = { "content-type": "binary/octet-stream" };
  for (const [name, { value }] of fields) {
    if (KEPT.includes(name) || name.startsWith("x-amz-meta-")) kept[name] = value;
    else if (!OWN.includes(name) && !name.startsWith("x-ignore-"))
      throw new NotImplemented("s3", `a form with the field "${name}"`);
  }
  return kept;
}

/** Writes the form's file down. @throws {AwsError} EntityTooSmall, EntityTooLarge, or what {@link PostForm.ended} throws */
async function receive(
  form: PostForm,
  file: string,
  sizes: SizeRange = { least: 0, most: LARGEST },
): Promise<{ size: number; md5: string }> {
  const md5 = createHash("md5");
  let size = 0;
  // Counted to the end, since the answer says how large it is, and written down only as far as it may be.
  const within = async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      size += chunk.length;
      if (size > sizes.most) continue;
      md5.update(chunk);
      yield chunk;
    }
  };
  try {
    await pipeline(form.file.bytes, within, createWriteStream(file)).catch(async (error: unknown) => {
      // The form knows better why its file broke off.
      await form.ended;
      throw error;
    });
    await form.ended;
    requireSize(size, sizes);
    return { size, md5: md5.digest("hex") };
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  }
}

function requireSize(size: number, { least, most }: SizeRange): void {
  const proposed = { ProposedSize: String(size) };
  if (size < least) {
    const message = "Your proposed upload is smaller than the minimum allowed size";
    throw new AwsError("EntityTooSmall", message, 400, {}, { ...proposed, MinSizeAllowed: String(least) });
  }
  if (size > most) {
    const message = "Your proposed upload exceeds the maximum allowed size";
    throw new AwsError("EntityTooLarge", message, 400, {}, { ...proposed, MaxSizeAllowed: String(most) });
  }
}

/** 204, or what the form wishes of 200 and 201. */
function answer(call: Call, form: PostForm, bucket: Bucket, key: string, etag: string): void {
  const at = `http://${header(call.request, "host") ?? "127.0.0.1"}/${bucket.name}/${encodeURIComponent(key)}`;
  call.response.setHeader("etag", etag);
  call.response.setHeader("location", at);
  const wished = fieldOf(form, "success_action_status");
  if (wished === "201") {
    const place = `<Location>${escapeXml(at)}</Location><Bucket>${bucket.name}</Bucket><Key>${escapeXml(key)}</Key>`;
    answerXml(call, 201, `<PostResponse>${place}<ETag>${escapeXml(etag)}</ETag></PostResponse>`);
    return;
  }
  call.response.writeHead(wished === "200" ? 200 : 204, { "x-amz-request-id": call.requestId }).end();
}
