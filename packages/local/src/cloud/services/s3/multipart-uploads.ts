import { createHash, randomBytes } from "node:crypto";
import { createReadStream, createWriteStream, rmSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { AwsError } from "../../gateway/aws-error.ts";
import type { ReceivedBody } from "./receive-body.ts";

export interface Part extends ReceivedBody {
  readonly number: number;
  readonly lastModified: Date;
}

export interface Upload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly initiated: Date;
  readonly parts: Map<number, Part>;
}

/** S3 refuses smaller parts, the last one excepted. */
const SMALLEST_PART = 5 * 1024 * 1024;

/** Uploads in parts that are neither complete nor aborted. Their parts are files. */
export class MultipartUploads {
  readonly #uploads = new Map<string, Upload>();
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  begin(bucket: string, key: string, headers: Readonly<Record<string, string>>): Upload {
    const upload: Upload = {
      id: randomBytes(24).toString("base64url"),
      bucket,
      key,
      headers,
      initiated: new Date(),
      parts: new Map(),
    };
    this.#uploads.set(upload.id, upload);
    return upload;
  }

  /** @throws {AwsError} NoSuchUpload */
  get(id: string, bucket: string, key: string): Upload {
    const upload = this.#uploads.get(id);
    if (upload === undefined || upload.bucket !== bucket || upload.key !== key) {
      throw new AwsError(
        "NoSuchUpload",
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
        404,
      );
    }
    return upload;
  }

  of(bucket: string): Upload[] {
    return [...this.#uploads.values()].filter((upload) => upload.bucket === bucket);
  }

  /** Keeps a part; one of the same number is replaced. */
  keep(upload: Upload, number: number, body: ReceivedBody): Part {
    const replaced = upload.parts.get(number);
    if (replaced !== undefined) rmSync(replaced.file, { force: true });
    const part: Part = { ...body, number, lastModified: new Date() };
    upload.parts.set(number, part);
    return part;
  }

  /**
   * Joins the named parts into one file.
   * @throws {AwsError} InvalidPart, InvalidPartOrder, EntityTooSmall
   */
  async join(
    upload: Upload,
    named: readonly { number: number; etag: string }[],
  ): Promise<{ file: string; size: number; etag: string }> {
    const parts = named.map(({ number, etag }) => {
      const part = upload.parts.get(number);
      if (part === undefined || part.md5 !== etag.replaceAll('"', "")) {
        throw new AwsError(
          "InvalidPart",
          "One or more of the specified parts could not be found. The part might not have been uploaded, or the specified entity tag might not have matched the part's entity tag.",
        );
      }
      return part;
    });
    if (parts.length === 0) throw new AwsError("MalformedXML", "The list of parts is empty.");
    if (parts.some((part, index) => index > 0 && part.number <= (parts[index - 1]?.number ?? 0))) {
      throw new AwsError("InvalidPartOrder", "The list of parts was not in ascending order.");
    }
    if (parts.slice(0, -1).some((part) => part.size < SMALLEST_PART)) {
      throw new AwsError(
        "EntityTooSmall",
        "Your proposed upload is smaller than the minimum allowed object size.",
      );
    }
    const file = join(this.#directory, `${upload.id}.joined`);
    rmSync(file, { force: true });
    for (const part of parts)
      await pipeline(createReadStream(part.file), createWriteStream(file, { flags: "a" }));
    const digests = createHash("md5");
    for (const part of parts) digests.update(Buffer.from(part.md5, "hex"));
    return {
      file,
      size: parts.reduce((sum, part) => sum + part.size, 0),
      etag: `"${digests.digest("hex")}-${parts.length}"`,
    };
  }

  /** Forgets an upload and removes its parts. */
  end(upload: Upload): void {
    this.#uploads.delete(upload.id);
    for (const part of upload.parts.values()) rmSync(part.file, { force: true });
  }
}
