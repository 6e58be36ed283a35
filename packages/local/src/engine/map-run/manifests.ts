import { allOf } from "./all-of.ts";
import { csvRows } from "./csv-rows.ts";
import { type ItemPage, type ObjectFormat, objectItems } from "./object-items.ts";
import { textPieces, wholeText } from "./object-text.ts";
import { type S3Calls, textOf } from "./s3-calls.ts";
import { UnreadableItems } from "./unreadable-items.ts";

type Members = Readonly<Record<string, unknown>>;

/**
 * The rows of an S3 inventory, by its `manifest.json`: what the inventory knows of each object, all of it text. Its
 * files are CSV without a header, compressed; the manifest has the names of the columns.
 * @throws UnreadableItems
 */
export async function* inventoryItems(call: S3Calls, args: Members): AsyncGenerator<ItemPage> {
  const { Body } = await call("getObject", args);
  const manifest = inventory(await wholeText(Body, textOf(args, "Key") ?? ""));
  const format: ObjectFormat = { type: "CSV", headers: manifest.columns, delimiter: "," };
  for (const Key of manifest.keys) yield* objectItems(call, { Bucket: manifest.bucket, Key }, format);
}

function inventory(text: string): { bucket: string; columns: string[]; keys: string[] } {
  const refuse = (why: string): never => {
    throw new UnreadableItems(`The object is not the manifest of an S3 inventory: ${why}`);
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    return refuse(thrown instanceof Error ? thrown.message : String(thrown));
  }
  const members: Members = Object(value);
  const bucket = textOf(members, "destinationBucket") ?? refuse("it has no destinationBucket");
  const schema = textOf(members, "fileSchema") ?? refuse("it has no fileSchema");
  const files: unknown[] = Array.isArray(members.files) ? members.files : refuse("it has no files");
  if (members.fileFormat !== "CSV")
    refuse(`its fileFormat is ${members.fileFormat}, and only CSV can be read`);
  return {
    bucket: bucket.slice(bucket.lastIndexOf(":") + 1),
    columns: schema.split(",").map((name) => name.trim()),
    keys: files.map((file) => textOf(Object(file), "key") ?? refuse("one of its files has no key")),
  };
}

/**
 * The rows of the objects that an Athena UNLOAD wrote, by its manifest: a list of their URIs, one on each line.
 * @throws UnreadableItems
 */
export async function* unloadedItems(
  call: S3Calls,
  args: Members,
  format: ObjectFormat,
): AsyncGenerator<ItemPage> {
  const key = textOf(args, "Key") ?? "";
  const { Body } = await call("getObject", args);
  const rows = (await allOf(csvRows(textPieces(Body, key), ","))).flat();
  for (const [uri = ""] of rows) {
    const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/i.exec(uri.trim()) ?? [];
    if (Bucket === undefined || Key === undefined)
      throw new UnreadableItems(`The Athena manifest lists '${uri}', which is no S3 URI of an object`);
    yield* objectItems(call, { Bucket, Key }, format);
  }
}
