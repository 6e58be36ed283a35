import { randomUUID } from "node:crypto";

/**
 * The name of an object behind its prefix: delivery stream, its version (the first: none is changed here), the second in
 * which it was written, and what makes it unique.
 * Source: https://docs.aws.amazon.com/firehose/latest/dev/s3-object-name.html
 */
export function objectName(stream: string, extension: string): string {
  const second = new Date().toISOString().slice(0, 19).replaceAll(/[T:]/g, "-");
  return `${stream}-1-${second}-${randomUUID()}${extension}`;
}
