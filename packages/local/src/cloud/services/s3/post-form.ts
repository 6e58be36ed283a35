import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { Busboy, type BusboyInstance } from "@fastify/busboy";
import { AwsError, NotImplemented } from "../../gateway/aws-error.ts";
import { header } from "../../gateway/call.ts";

/** A field of a form: its name as it was sent, and its value. */
export interface FormField {
  readonly name: string;
  readonly value: string;
}

/** A form that uploads a file to a bucket, read up to the file. What comes after the file is ignored. */
export interface PostForm {
  readonly bucket: string;
  /** By their names in small letters: S3 does not tell `Policy` from `policy`. */
  readonly fields: ReadonlyMap<string, FormField>;
  readonly file: {
    /** Still to be read, or to be thrown away. */
    readonly bytes: Readable;
    /** Without its folders; undefined where the form gives none. */
    readonly name: string | undefined;
  };
  /** Settles when the form is at its end. @throws {AwsError} MalformedPOSTRequest, InvalidArgument for a second file */
  readonly ended: Promise<void>;
}

/** Who signed a form, as its fields say; no name for a form that nobody signed. */
export interface FormScope {
  readonly accessKeyId: string;
  readonly region: string;
  readonly form: PostForm;
}

/** Most bytes of the fields before the file, their names counted. */
const FIELD_BYTES = 20_480;

const BUCKET = /^\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/?$/;

const forms = new WeakMap<IncomingMessage, PostForm>();

/** The form of a request that {@link formScope} found one in. */
export function postForm(request: IncomingMessage): PostForm | undefined {
  return forms.get(request);
}

/**
 * The form of a request without a signature in its head, and who signed it; undefined for a request that is no POST to a
 * bucket. Only the fields are read: the file waits until somebody knows that it may come.
 * @throws {AwsError} PreconditionFailed, MalformedPOSTRequest, MaxPostPreDataLengthExceeded, InvalidArgument
 */
export async function formScope(request: IncomingMessage): Promise<FormScope | undefined> {
  const bucket = BUCKET.exec(request.url ?? "")?.[1];
  if (request.method !== "POST" || bucket === undefined || header(request, "x-amz-target") !== undefined)
    return undefined;
  const form = await readForm(request, bucket);
  forms.set(request, form);
  const [accessKeyId = "", , region = ""] = fieldOf(form, "x-amz-credential")?.split("/") ?? [];
  return { accessKeyId, region, form };
}

/** The value of a field, by its name in small letters. */
export function fieldOf({ fields }: Pick<PostForm, "fields">, name: string): string | undefined {
  return fields.get(name)?.value;
}

const malformed = () =>
  new AwsError(
    "MalformedPOSTRequest",
    "The body of your POST request is not well-formed multipart/form-data.",
  );

const wrongFileCount = (files: number) =>
  new AwsError(
    "InvalidArgument",
    "POST requires exactly one file upload per request.",
    400,
    {},
    {
      ArgumentName: "file",
      ArgumentValue: String(files),
    },
  );

function parserOf(request: IncomingMessage): BusboyInstance {
  const type = header(request, "content-type") ?? "";
  if (!/^multipart\/form-data\s*(;|$)/i.test(type)) {
    throw new AwsError(
      "PreconditionFailed",
      "At least one of the pre-conditions you specified did not hold",
      412,
      {},
      { Condition: "Bucket POST must be of the enclosure-type multipart/form-data" },
    );
  }
  try {
    return new Busboy({
      headers: { ...request.headers, "content-type": type },
      // By its name alone: a field with a file name is a field, and a file needs none.
      isPartAFile: (name) => name?.toLowerCase() === "file",
      limits: { fieldSize: FIELD_BYTES + 1, fieldNameSize: FIELD_BYTES + 1 },
    });
  } catch {
    // Without a boundary.
    throw malformed();
  }
}

async function readForm(request: IncomingMessage, bucket: string): Promise<PostForm> {
  const parser = parserOf(request);
  const fields = new Map<string, FormField>();
  const found = Promise.withResolvers<PostForm>();
  const ended = Promise.withResolvers<void>();
  // Whoever needs the end asks for it; a form that is refused before is not asked.
  ended.promise.catch(() => {});
  let files = 0;
  let bytes = 0;
  let file: Readable | undefined;

  const fail = (error: AwsError) => {
    request.unpipe(parser);
    request.resume();
    found.reject(error);
    ended.reject(error);
    file?.destroy(error);
  };
  parser.on("field", (name: string | undefined, value) => {
    if (files > 0) return;
    if (name === undefined) {
      fail(malformed());
      return;
    }
    bytes += Buffer.byteLength(name) + Buffer.byteLength(value);
    if (bytes > FIELD_BYTES) {
      const message = "Your POST request fields preceeding the upload file was too large.";
      const details = { MaxPostPreDataLengthBytes: String(FIELD_BYTES) };
      fail(new AwsError("MaxPostPreDataLengthExceeded", message, 400, {}, details));
    }
    const key = name.toLowerCase();
    if (fields.has(key)) fail(new NotImplemented("s3", `a form with two fields "${key}"`));
    fields.set(key, { name, value });
  });
  parser.on("file", (_, stream, name: string | undefined) => {
    files += 1;
    // Broken off, it is told by the form's own end.
    stream.on("error", () => {});
    if (files > 1) {
      stream.resume();
      return;
    }
    file = stream;
    found.resolve({ bucket, fields, file: { bytes: stream, name }, ended: ended.promise });
  });
  parser.on("finish", () => {
    if (files === 1) ended.resolve();
    else fail(wrongFileCount(files));
  });
  parser.on("error", () => fail(malformed()));
  request.once("close", () => {
    if (!request.complete) fail(malformed());
  });
  request.pipe(parser);
  return found.promise;
}
