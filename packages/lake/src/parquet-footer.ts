import type { PhysicalColumn } from "@penstock/contracts";
import { type ObjectFacts, type ObjectStore, UnsupportedFile } from "@penstock/runtime";
import { type FileMetaData, parquetMetadata, parquetSchema } from "hyparquet";
import { physicalType } from "./physical-type.ts";

/** What a Parquet footer says, without a page being read. */
export interface Footer {
  readonly rows: number;
  readonly columns: readonly PhysicalColumn[];
}

/** Why a file is not one that can be read; also the `reason` of its manifest. */
export type UnreadableReason = "EmptyFile" | "NotParquet" | "TruncatedParquet" | "UnsupportedParquet";

/** A file that is no readable Parquet, with the reason by name and a sentence for people. */
export class UnreadableParquet extends UnsupportedFile {
  readonly reason: UnreadableReason;

  constructor(reason: UnreadableReason, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.reason = reason;
  }
}

const MAGIC = "PAR1";
const ENCRYPTED = "PARE";
/** One request brings the footer of nearly every file: 512 KB is some 2,000 column chunks. */
const TAIL_BYTES = 512 * 1024;
/** A footer is kept in memory whole; a sound one of a table with a contract is far below this. */
const MAX_FOOTER_BYTES = 32 * 1024 * 1024;
/** Codecs that DuckDB and Spark both read. LZO and Hadoop's own framing of LZ4 are not among them. */
const CODECS = new Set<string>(["UNCOMPRESSED", "SNAPPY", "GZIP", "BROTLI", "ZSTD", "LZ4_RAW"]);

/**
 * Reads a Parquet file's footer with two or three ranged reads.
 * Throws {@link UnreadableParquet} for a file that is empty, no Parquet, cut off, encrypted, or in a codec that the
 * engines cannot read; `ObjectMissing` when the object has gone.
 */
export async function readFooter(store: ObjectStore, { uri, bytes }: ObjectFacts): Promise<Footer> {
  if (bytes === 0) throw new UnreadableParquet("EmptyFile", "the file has no bytes");
  const tail = await store.range(uri, Math.max(0, bytes - TAIL_BYTES), bytes);
  const head = bytes <= TAIL_BYTES ? tail.subarray(0, 4) : await store.range(uri, 0, 4);
  const footer = await wholeFooter(store, uri, bytes, { head: ascii(head), tail });
  const metadata = parse(footer);
  refuseCutOff(metadata, bytes);
  refuseUnsupported(metadata);
  return {
    rows: Number(metadata.num_rows),
    columns: parquetSchema(metadata).children.map((column) => ({
      name: column.element.name,
      type: physicalType(column),
    })),
  };
}

/** The bytes from the footer's start to the file's end. */
async function wholeFooter(
  store: ObjectStore,
  uri: ObjectFacts["uri"],
  bytes: number,
  { head, tail }: { head: string; tail: Uint8Array },
): Promise<Uint8Array> {
  const end = ascii(tail.subarray(-4));
  if (head === ENCRYPTED || end === ENCRYPTED) {
    throw new UnreadableParquet(
      "UnsupportedParquet",
      "its footer is encrypted; export it without encryption",
    );
  }
  if (head !== MAGIC) throw new UnreadableParquet("NotParquet", `it does not begin with ${MAGIC}`);
  if (end !== MAGIC || bytes < 12) {
    throw new UnreadableParquet("TruncatedParquet", `it begins as Parquet but does not end with ${MAGIC}`);
  }
  const size = new DataView(tail.buffer, tail.byteOffset + tail.byteLength - 8).getUint32(0, true) + 8;
  if (size + 4 > bytes) {
    throw new UnreadableParquet("TruncatedParquet", "its footer is longer than the file");
  }
  if (size > MAX_FOOTER_BYTES) {
    throw new UnreadableParquet(
      "UnsupportedParquet",
      `its footer has ${size} bytes; at most ${MAX_FOOTER_BYTES}`,
    );
  }
  return size <= tail.byteLength ? tail.slice(-size) : store.range(uri, bytes - size, bytes);
}

function parse(footer: Uint8Array): FileMetaData {
  try {
    return parquetMetadata(footer);
  } catch (cause) {
    throw new UnreadableParquet("NotParquet", "its footer cannot be parsed", { cause });
  }
}

/** Pages must lie between the leading magic and the footer; a file spliced or cut in the middle breaks this. */
function refuseCutOff(metadata: FileMetaData, bytes: number): void {
  const pagesEnd = BigInt(bytes - metadata.metadata_length - 8);
  for (const { columns } of metadata.row_groups) {
    for (const { meta_data: chunk } of columns) {
      if (chunk === undefined) continue;
      const start = chunk.dictionary_page_offset ?? chunk.data_page_offset;
      if (start < 4n || start + chunk.total_compressed_size > pagesEnd) {
        throw new UnreadableParquet("TruncatedParquet", "its footer names pages that the file does not hold");
      }
    }
  }
}

function refuseUnsupported(metadata: FileMetaData): void {
  for (const { columns } of metadata.row_groups) {
    for (const { meta_data: chunk, crypto_metadata: encryption } of columns) {
      if (encryption !== undefined || chunk === undefined) {
        throw new UnreadableParquet(
          "UnsupportedParquet",
          "it has encrypted columns; export it without encryption",
        );
      }
      if (!CODECS.has(chunk.codec)) {
        throw new UnreadableParquet(
          "UnsupportedParquet",
          `column "${chunk.path_in_schema.join(".")}" is compressed as ${chunk.codec}; readable: ${[...CODECS].join(", ")}`,
        );
      }
    }
  }
}

function ascii(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}
