import type { ObjectFacts, S3Uri } from "@penstock/runtime";
import { manifestKey } from "./object-keys.ts";
import type { UnreadableReason } from "./parquet-footer.ts";

/** Why a file is refused whole. */
export type RefusalReason = UnreadableReason | "UnknownTable" | "SchemaMismatch" | "TooManyColumns";

/** A file that is not refined. The file itself stays in raw: a copy would spread the card numbers it may hold. */
export interface Refusal {
  readonly reason: RefusalReason;
  /** What is wrong and what would be right, for whoever exports the file. Names columns, never a value. */
  readonly detail: string;
  readonly table: string | null;
  readonly rows: number | null;
}

/** An object for the workflow to put: bucket, key and the text of it. */
export interface Manifest {
  readonly bucket: string;
  readonly key: string;
  readonly body: string;
}

/** The note in quarantine about a file that was refused whole: which file, as which version, why. */
export function manifestOf(
  refusal: Refusal,
  about: {
    readonly object: ObjectFacts;
    readonly key: string;
    readonly quarantine: string;
    readonly runId: string;
  },
): Manifest {
  const source: S3Uri = about.object.uri;
  const content = {
    source,
    etag: about.object.etag,
    bytes: about.object.bytes,
    rows: refusal.rows,
    table: refusal.table,
    reason: refusal.reason,
    detail: refusal.detail,
    run_id: about.runId,
  };
  return {
    bucket: about.quarantine,
    key: manifestKey(about.key),
    body: `${JSON.stringify(content, null, 2)}\n`,
  };
}
