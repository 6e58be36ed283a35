import { type FileMetaData, parquetMetadataAsync, parquetSchema, type SchemaTree } from "hyparquet";
import type { Column } from "../catalog/shapes.ts";
import type { CrawlCalls, SeenObject } from "./crawl-calls.ts";

/** What the footer of one Parquet object says. */
export interface ParquetFacts {
  readonly columns: readonly Column[];
  readonly rows: number;
}

/** An object of an S3 target is something else than Parquet, which is all that is understood here. */
export class NotParquet extends Error {
  override readonly name = "NotParquet";
  constructor(uri: string) {
    super(`The local cloud's crawlers read Parquet only, and ${uri} is none; exclude it`);
  }
}

/** Reads the footer of an object by ranges of it. @throws {NotParquet} */
export async function parquetFacts(
  call: CrawlCalls,
  bucket: string,
  { key, bytes: byteLength }: SeenObject,
): Promise<ParquetFacts> {
  const slice = async (start: number, end = byteLength): Promise<ArrayBuffer> => {
    const { Body } = await call("s3", "getObject", {
      Bucket: bucket,
      Key: key,
      Range: `bytes=${start}-${end - 1}`,
    });
    return arrayBuffer(Body);
  };
  let refused: unknown;
  const guarded = async (start: number, end?: number) =>
    slice(start, end).catch((thrown: unknown) => {
      refused = thrown;
      throw thrown;
    });
  let metadata: FileMetaData;
  try {
    metadata = await parquetMetadataAsync(
      { byteLength, slice: guarded },
      { initialFetchSize: Math.min(64 * 1024, byteLength) },
    );
  } catch {
    throw refused ?? new NotParquet(`s3://${bucket}/${key}`);
  }
  return {
    columns: parquetSchema(metadata).children.map((child) => ({
      Name: child.element.name.toLowerCase(),
      Type: glueType(child),
    })),
    rows: Number(metadata.num_rows),
  };
}

async function arrayBuffer(body: unknown): Promise<ArrayBuffer> {
  const transform: unknown =
    typeof body === "object" && body !== null && Reflect.get(body, "transformToByteArray");
  if (typeof transform !== "function") throw new Error("An object came without content");
  const bytes: Uint8Array = await transform.call(body);
  const copy = new ArrayBuffer(bytes.length);
  new Uint8Array(copy).set(bytes);
  return copy;
}

/** A column's type as Glue writes it. */
function glueType(node: SchemaTree): string {
  const { element, children } = node;
  if (element.repetition_type === "REPEATED") return `array<${bare(node)}>`;
  const kind = element.logical_type?.type ?? element.converted_type;
  if (kind === "LIST") {
    const [repeated] = children;
    if (repeated === undefined) return "array<string>";
    const [item] = repeated.children;
    const wrapped = repeated.children.length === 1 && item !== undefined;
    return `array<${wrapped ? glueType(item) : bare(repeated)}>`;
  }
  if (kind === "MAP" || kind === "MAP_KEY_VALUE") {
    const [key, value] = children[0]?.children ?? [];
    if (key !== undefined && value !== undefined) return `map<${glueType(key)},${glueType(value)}>`;
  }
  return bare(node);
}

/** Without regard to whether it repeats. */
function bare({ element, children }: SchemaTree): string {
  if (children.length > 0)
    return `struct<${children.map((child) => `${child.element.name.toLowerCase()}:${glueType(child)}`).join(",")}>`;
  const { type, converted_type, logical_type, precision, scale } = element;
  if (logical_type?.type === "DECIMAL" || converted_type === "DECIMAL")
    return `decimal(${precision},${scale ?? 0})`;
  if (logical_type?.type === "TIMESTAMP" || /^TIMESTAMP_/.test(converted_type ?? "")) return "timestamp";
  if (converted_type === "DATE" || logical_type?.type === "DATE") return "date";
  switch (type) {
    case "BOOLEAN":
      return "boolean";
    case "INT32":
      return { INT_8: "tinyint", INT_16: "smallint" }[String(converted_type)] ?? "int";
    case "INT64":
      return "bigint";
    case "INT96":
      return "timestamp";
    case "FLOAT":
      return "float";
    case "DOUBLE":
      return "double";
    default:
      return isText(converted_type ?? logical_type?.type) ? "string" : "binary";
  }
}

function isText(kind: string | undefined): boolean {
  return kind === "UTF8" || kind === "STRING" || kind === "ENUM" || kind === "JSON";
}
