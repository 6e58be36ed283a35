import { AwsError } from "../../gateway/aws-error.ts";

/** What S3 keeps about an object beside its bytes. */
export interface ObjectFacts {
  readonly key: string;
  readonly size: number;
  /** With its quotes, as it travels in headers. */
  readonly etag: string;
  readonly lastModified: Date;
  /** Headers given on write and returned on read: content-type, cache-control, x-amz-meta-*… */
  readonly headers: Readonly<Record<string, string>>;
  /** Checksums that were verified on write, by header name: `x-amz-checksum-crc32`. */
  readonly checksums: Readonly<Record<string, string>>;
  /** Grows with every change of the bucket: tells the order of two events on one key. */
  readonly sequencer: string;
}

/** An object and the file that holds its bytes. */
export interface StoredObject extends ObjectFacts {
  readonly file: string;
}

export function noSuchKey(): AwsError {
  return new AwsError("NoSuchKey", "The specified key does not exist.", 404);
}

export function noSuchBucket(): AwsError {
  return new AwsError("NoSuchBucket", "The specified bucket does not exist", 404);
}

export function preconditionFailed(): AwsError {
  return new AwsError(
    "PreconditionFailed",
    "At least one of the pre-conditions you specified did not hold",
    412,
  );
}

/** A UTF-16 unit's rank in the order of UTF-8: halves of characters beyond U+FFFF come after all others. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** Orders keys as S3 lists them: by the bytes of their UTF-8 form, here without making those bytes. */
export function byUtf8(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const difference = rank(left.charCodeAt(index)) - rank(right.charCodeAt(index));
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
