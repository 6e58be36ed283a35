import { link, mkdir, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { buildMarts } from "@penstock/marts";
import {
  directoryObjectStore,
  type ObjectFacts,
  openSession,
  parseS3Uri,
  type S3Uri,
} from "@penstock/runtime";
import { settingsFor } from "../stacks/settings.ts";

/** What the task of a stage has for DuckDB. */
const LIMITS = { memoryMb: settingsFor("local").engine.duckdbMemoryMb, threads: 2 };

const [root, build] = process.argv.slice(2);
if (root === undefined || build === undefined) throw new Error("started by prod-marts.ts only");

// The folder's store hashes a file for its entity tag and copies it; S3 knows its objects' tags, and what comes down
// comes down once either way, so neither is measured.
const file = (uri: S3Uri) => path.join(root, parseS3Uri(uri).bucket, parseS3Uri(uri).key);
const folderStore = directoryObjectStore(root);
const head = async (uri: S3Uri): Promise<ObjectFacts | undefined> => {
  const found = await stat(file(uri)).catch(() => undefined);
  return found && { uri, bytes: found.size, etag: `${found.size}`, lastModified: found.mtime };
};
const store: typeof folderStore = {
  ...folderStore,
  head,
  async *list(prefix) {
    const entries = await readdir(file(prefix), { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries.filter((one) => one.isFile())) {
      const facts = await head(
        `${prefix}${path.relative(file(prefix), path.join(entry.parentPath, entry.name))}`,
      );
      if (facts !== undefined) yield facts;
    }
  },
  async download(uri, target) {
    await mkdir(path.dirname(target), { recursive: true });
    await link(file(uri), target);
    const facts = await head(uri);
    if (facts === undefined) throw new Error(`${uri} is not there`);
    return facts;
  },
};

const began = performance.now();
const { curated_rows: rows } = await buildMarts(
  { run_id: "bench", build, built_at: "2026-11-21T05:30:00.000Z", current: null },
  {
    store,
    catalogue: { removePartitions: async () => {} },
    settings: {
      curated: "curated",
      audit: "audit",
      marts: "marts",
      artifacts: "artifacts",
      database: "marts",
      lambdaMaxBytes: 1024 ** 3,
      memoryMb: LIMITS.memoryMb,
      keepBuilds: 2,
    },
    openSession: (tempDirectory) => openSession({ ...LIMITS, tempDirectory, keepsOrder: true }),
  },
);
const seconds = (performance.now() - began) / 1000;
console.log(JSON.stringify({ rows, seconds, rss_mb: process.resourceUsage().maxRSS / 1024 }));
