import { ObjectBusy, type ObjectFacts, type ObjectStore, type S3Uri, s3Uri } from "@penstock/runtime";
import { refuseChanged } from "./attempt-store.ts";
import type { RefineMetrics } from "./metrics.ts";
import {
  auditKey,
  expiredKey,
  leaseName,
  metricsKey,
  type RawObject,
  rejectedKey,
  rowsKey,
} from "./object-keys.ts";
import type { LakePorts } from "./ports.ts";

/** Long enough for the uploads of the largest object; a crashed owner blocks the object for as long. */
const LEASE_SECONDS = 300;

/** Where an object's rows and numbers lie. `pending` and `quarantine` are null when no row is there. */
export interface PlacedUris {
  readonly curated: S3Uri;
  readonly pending: S3Uri | null;
  readonly quarantine: S3Uri | null;
  readonly metrics: S3Uri;
  readonly audit: S3Uri;
}

/** A checked attempt: its numbers and the local files of its outputs. */
export interface CheckedAttempt {
  readonly run_id: string;
  readonly object: RawObject;
  readonly raw: Pick<ObjectFacts, "uri" | "etag">;
  readonly metrics: RefineMetrics;
  readonly files: {
    readonly curated: string;
    readonly pending: string | null;
    readonly quarantine: string | null;
  };
  /** Were parents looked up? If not, rows that reconcile had released come back as pending ones. */
  readonly parentsLookedUp: boolean;
  /** The audit object, given what was written and when that was done. */
  readonly audit: (written: PlacedUris) => unknown;
}

/**
 * Makes an attempt final, under the object's lease. Throws `ObjectBusy` when another execution holds it and
 * `ObjectChanged` when the raw object was replaced meanwhile.
 *
 * A crash between two writes must not take a row out of both halves of the pair curated/pending, where reconcile would
 * not find it: rows only move from pending to curated when parents were looked up (curated keys never vanish), and only
 * the other way when not, so the half that gains is written first. A row in both halves counts once.
 */
export async function place(attempt: CheckedAttempt, ports: LakePorts): Promise<PlacedUris> {
  const { object, files, raw } = attempt;
  const { store, leases, settings } = ports;
  const uris = {
    curated: s3Uri(settings.curated, rowsKey(object)),
    pending: s3Uri(settings.pending, rowsKey(object)),
    quarantine: s3Uri(settings.quarantine, rejectedKey(object)),
    expired: s3Uri(settings.quarantine, expiredKey(object)),
    metrics: s3Uri(settings.audit, metricsKey(object)),
    audit: s3Uri(settings.audit, auditKey("raw-to-curated", attempt.run_id)),
  };
  const lease = leaseName(object);
  if (!(await leases.acquire(lease, attempt.run_id, LEASE_SECONDS))) {
    throw new ObjectBusy(`${lease} is being written by another execution; try again shortly`);
  }
  try {
    const now = await store.head(raw.uri);
    if (now !== undefined) refuseChanged(raw, now);
    await replace(store, files.quarantine, uris.quarantine);
    const curated = () => store.upload(files.curated, uris.curated);
    const pending = () => replace(store, files.pending, uris.pending);
    for (const write of attempt.parentsLookedUp ? [curated, pending] : [pending, curated]) await write();
    // Every row of the object has a new place now; that some once waited too long is history.
    for await (const { uri } of store.list(uris.expired)) {
      if (uri === uris.expired) await store.remove(uri);
    }
    const placed: PlacedUris = {
      curated: uris.curated,
      pending: files.pending === null ? null : uris.pending,
      quarantine: files.quarantine === null ? null : uris.quarantine,
      metrics: uris.metrics,
      audit: uris.audit,
    };
    await store.putJson(uris.metrics, attempt.metrics);
    await store.putJson(uris.audit, attempt.audit(placed));
    return placed;
  } finally {
    await leases.release(lease, attempt.run_id);
  }
}

async function replace(store: ObjectStore, file: string | null, uri: S3Uri): Promise<void> {
  await (file === null ? store.remove(uri) : store.upload(file, uri));
}
