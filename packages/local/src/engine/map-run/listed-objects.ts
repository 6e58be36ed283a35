import { type ItemPage, type ObjectFormat, objectItems } from "./object-items.ts";
import { type S3Calls, textOf } from "./s3-calls.ts";

type Members = Readonly<Record<string, unknown>>;

/** What S3 lists of each object, over all pages. */
export async function* listedObjects(call: S3Calls, args: Members): AsyncGenerator<ItemPage> {
  const source = `s3://${textOf(args, "Bucket")}`;
  let token: unknown;
  do {
    const page = await call(
      "listObjectsV2",
      token === undefined ? args : { ...args, ContinuationToken: token },
    );
    if (Array.isArray(page.Contents)) yield { source, values: page.Contents };
    token = page.NextContinuationToken;
  } while (token !== undefined);
}

/** The items inside every listed object. Objects that only stand for a folder have none. */
export async function* itemsOfListed(
  call: S3Calls,
  args: Members,
  format: ObjectFormat,
): AsyncGenerator<ItemPage> {
  const Bucket = textOf(args, "Bucket");
  const owner =
    args.ExpectedBucketOwner === undefined ? {} : { ExpectedBucketOwner: args.ExpectedBucketOwner };
  for await (const { values } of listedObjects(call, args)) {
    for (const listed of values) {
      const Key = textOf(Object(listed), "Key") ?? "";
      if (!Key.endsWith("/")) yield* objectItems(call, { Bucket, Key, ...owner }, format);
    }
  }
}
