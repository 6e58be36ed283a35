import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Call } from "../../gateway/call.ts";
import { Bucket } from "./bucket.ts";
import { MultipartUploads } from "./multipart-uploads.ts";
import { noSuchBucket } from "./stored-object.ts";

/** A change that S3 would tell EventBridge of. */
export interface ObjectChange {
  readonly kind: "created" | "deleted";
  /** The API that did it: `PutObject`, `CompleteMultipartUpload`, `CopyObject`, `DeleteObject`. */
  readonly reason: string;
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  readonly sequencer: string;
  readonly call: Call;
}

/** All buckets of the cloud and where their bytes lie. */
export class Buckets {
  readonly #buckets = new Map<string, Bucket>();
  readonly #incoming: string;
  readonly created = new Date();
  readonly uploads: MultipartUploads;
  readonly region: string;
  readonly onChange: (change: ObjectChange) => void;

  /** @param directory folder that will hold one folder per bucket */
  constructor(
    directory: string,
    names: readonly string[],
    region: string,
    onChange: (change: ObjectChange) => void,
  ) {
    this.region = region;
    this.onChange = onChange;
    this.#incoming = join(directory, ".incoming");
    mkdirSync(this.#incoming, { recursive: true });
    this.uploads = new MultipartUploads(this.#incoming);
    for (const name of names) this.#buckets.set(name, new Bucket(name, join(directory, name)));
  }

  /** @throws {AwsError} NoSuchBucket */
  get(name: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) throw noSuchBucket();
    return bucket;
  }

  names(): string[] {
    return [...this.#buckets.keys()].sort();
  }

  /** Removes what is on its way in: unfinished uploads. Objects stay. */
  close(): void {
    rmSync(this.#incoming, { recursive: true, force: true });
  }

  /** A new file for a body on its way in. */
  incoming(): string {
    return join(this.#incoming, randomUUID());
  }
}
