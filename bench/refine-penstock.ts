import { link, mkdir, stat } from "node:fs/promises";
import path from "node:path";
import { type LakeSettings, refine } from "@penstock/lake";
import {
  directoryObjectStore,
  memoryLeases,
  type ObjectFacts,
  openSession,
  parseS3Uri,
  type S3Uri,
} from "@penstock/runtime";
import { LIMITS, measure } from "./refine-measure.ts";

const settings: LakeSettings = {
  raw: "raw",
  curated: "curated",
  pending: "pending",
  quarantine: "quarantine",
  audit: "audit",
  artifacts: "artifacts",
  locksTable: "locks",
  lambdaMaxBytes: 1024 ** 3,
  parentKeysMaxBytes: 1024 ** 3,
  pendingDays: 7,
  memoryMb: LIMITS.memoryMb,
};

// Everything that the task does: footer, plan, transpiling, checks, parents, masks, balance, placing, metrics, audit.
await measure(async ({ items, parents }, folder) => {
  const root = path.join(folder, "store");
  const file = (uri: S3Uri) => path.join(root, parseS3Uri(uri).bucket, parseS3Uri(uri).key);
  const put = async (from: string, uri: S3Uri): Promise<void> => {
    await mkdir(path.dirname(file(uri)), { recursive: true });
    await link(from, file(uri));
  };
  const raw: S3Uri = "s3://raw/ecommerce/order_items-raw/year=2025/month=01/day=16/items.parquet";
  await put(items, raw);
  for (const [table, from] of Object.entries(parents))
    await put(from, `s3://curated/ecommerce/${table}/a.parquet`);

  // The folder's store hashes a file for its entity tag; S3 knows its objects' tags.
  const folderStore = directoryObjectStore(root);
  const head = async (uri: S3Uri): Promise<ObjectFacts | undefined> => {
    const found = await stat(file(uri)).catch(() => undefined);
    return found && { uri, bytes: found.size, etag: `${found.size}`, lastModified: found.mtime };
  };
  const store: typeof folderStore = {
    ...folderStore,
    head,
    async download(uri, target) {
      await mkdir(path.dirname(target), { recursive: true });
      await link(file(uri), target);
      const facts = await head(uri);
      if (facts === undefined) throw new Error(`${uri} is not there`);
      return facts;
    },
  };
  const summary = await refine(
    {
      run_id: "bench",
      bucket: "raw",
      key: parseS3Uri(raw).key,
      table: "order_items",
      source: "penstock",
      etag: (await head(raw))?.etag ?? "",
      arrived_at: "2025-01-16T08:00:00.000Z",
    },
    {
      store,
      leases: memoryLeases(),
      settings,
      openSession: (tempDirectory) => openSession({ ...LIMITS, tempDirectory }),
      now: () => new Date(),
    },
  );
  return summary.curated;
});
