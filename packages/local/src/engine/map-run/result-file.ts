import { type S3Calls, textOf } from "./s3-calls.ts";

/** S3 takes no smaller part of a multipart upload, but for the last. */
const partBytes = 5 * 1024 * 1024;

/** An object that grows while child executions end. It goes up in parts, so that memory holds one of them. */
export class ResultFile {
  readonly key: string;
  readonly #bucket: string;
  readonly #jsonLines: boolean;
  #size = 0;
  /** Of the part that is being filled. */
  #texts: string[] = [];
  #bytes = 0;
  /** Full parts that are not up yet. One that could not be sent is sent again by the next attempt. */
  readonly #unsent: string[] = [];
  #uploadId: string | undefined;
  readonly #parts: { readonly ETag: unknown; readonly PartNumber: number }[] = [];
  #sending: Promise<void> | undefined;

  constructor(bucket: string, key: string, outputType: "JSON" | "JSONL") {
    this.#bucket = bucket;
    this.key = key;
    this.#jsonLines = outputType === "JSONL";
  }

  /** Adds a result; the promise, if any, settles when there is room for more. */
  add(result: unknown, call: S3Calls): Promise<void> | undefined {
    const text = JSON.stringify(result) ?? "null";
    if (this.#jsonLines) this.#write(`${text}\n`);
    else this.#write(this.#size === 0 ? `[${text}` : `,${text}`);
    if (this.#bytes < partBytes) return undefined;
    this.#endPart();
    return this.#send(call);
  }

  /** Writes what is left. @returns the object, as a manifest lists it */
  async close(call: S3Calls): Promise<{ readonly Key: string; readonly Size: number }> {
    if (!this.#jsonLines) this.#write("]");
    const place = { Bucket: this.#bucket, Key: this.key };
    if (this.#uploadId === undefined && this.#unsent.length === 0) {
      await call("putObject", { ...place, Body: this.#texts.join("") });
    } else {
      this.#endPart();
      await this.#send(call);
      const MultipartUpload = { Parts: this.#parts };
      await call("completeMultipartUpload", { ...place, UploadId: this.#uploadId, MultipartUpload });
    }
    return { Key: this.key, Size: this.#size };
  }

  #write(text: string): void {
    const bytes = Buffer.byteLength(text);
    this.#texts.push(text);
    this.#bytes += bytes;
    this.#size += bytes;
  }

  #endPart(): void {
    if (this.#bytes > 0) this.#unsent.push(this.#texts.join(""));
    this.#texts = [];
    this.#bytes = 0;
  }

  #send(call: S3Calls): Promise<void> {
    this.#sending ??= this.#sendAll(call).finally(() => {
      this.#sending = undefined;
    });
    return this.#sending;
  }

  async #sendAll(call: S3Calls): Promise<void> {
    const place = { Bucket: this.#bucket, Key: this.key };
    this.#uploadId ??= textOf(await call("createMultipartUpload", place), "UploadId");
    for (let part = this.#unsent[0]; part !== undefined; part = this.#unsent[0]) {
      const PartNumber = this.#parts.length + 1;
      const { ETag } = await call("uploadPart", {
        ...place,
        UploadId: this.#uploadId,
        PartNumber,
        Body: part,
      });
      this.#parts.push({ ETag, PartNumber });
      this.#unsent.shift();
    }
  }
}
