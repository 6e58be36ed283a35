import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { InvalidInput, ObjectChanged, ObjectMissing } from "../errors.ts";
import { parseS3Uri, type S3Uri, s3Uri } from "../uri.ts";
import { jsonText, parseJson } from "./json.ts";
import type { ObjectFacts, ObjectStore } from "./object-store.ts";

/** Files being written; they become objects by a rename, so that a crash leaves no half object. */
const UNFINISHED = ".unfinished-";

/**
 * The object store over a folder, for tests and benches: `s3://bucket/key` is `root/bucket/key`. The entity tag is the
 * MD5 of the content, as S3's is for an object put in one part.
 */
export function directoryObjectStore(root: string): ObjectStore {
  const base = path.resolve(root);

  const pathOf = (uri: S3Uri): string => {
    const { bucket, key } = parseS3Uri(uri);
    const file = path.join(base, bucket, key);
    if (!file.startsWith(path.join(base, bucket) + path.sep)) {
      throw new InvalidInput(`${uri} would leave the store's folder; keys with ".." are not supported there`);
    }
    return file;
  };

  const head = async (uri: S3Uri): Promise<ObjectFacts | undefined> => {
    try {
      const file = pathOf(uri);
      const found = await stat(file);
      if (!found.isFile()) return undefined;
      return { uri, bytes: found.size, etag: await md5(file), lastModified: found.mtime };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };

  const write = async (uri: S3Uri, fill: (path: string) => Promise<void>): Promise<void> => {
    const file = pathOf(uri);
    await mkdir(path.dirname(file), { recursive: true });
    const unfinished = path.join(path.dirname(file), `${UNFINISHED}${randomUUID()}`);
    await fill(unfinished);
    await rename(unfinished, file);
  };

  /** Conditional writes come one after another: between look and write nobody else of this process has one. */
  let turn: Promise<void> = Promise.resolve();

  return {
    head,

    async range(uri, start, end) {
      const file = await open(pathOf(uri)).catch(orMissing(uri));
      try {
        const buffer = new Uint8Array(Math.max(0, end - start));
        const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
        return buffer.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    },

    async download(uri, target) {
      const facts = await head(uri);
      if (facts === undefined) throw new ObjectMissing(`${uri} is not there`);
      await mkdir(path.dirname(target), { recursive: true });
      await copyFile(pathOf(uri), target).catch(orMissing(uri));
      return facts;
    },

    upload: (source, uri) => write(uri, (unfinished) => copyFile(source, unfinished)),

    putJson(uri, value, { replaces } = {}) {
      const put = () => write(uri, (unfinished) => writeFile(unfinished, jsonText(value)));
      if (replaces === undefined) return put();
      const done = turn.then(async () => {
        if (((await head(uri))?.etag ?? null) !== replaces)
          throw new ObjectChanged(`${uri} is no longer the object that was looked at`);
        await put();
      });
      turn = done.catch(() => undefined);
      return done;
    },

    async getJson(uri) {
      return parseJson(uri, await readFile(pathOf(uri), "utf8").catch(orMissing(uri)));
    },

    async *list(uriPrefix) {
      const { bucket, key: prefix } = parseS3Uri(uriPrefix);
      const files = await readdir(path.join(base, bucket), { recursive: true, withFileTypes: true }).catch(
        (error: unknown) => {
          if (isMissing(error)) return [];
          throw error;
        },
      );
      const keys = files
        .filter((file) => file.isFile() && !file.name.startsWith(UNFINISHED))
        .map((file) => path.relative(path.join(base, bucket), path.join(file.parentPath, file.name)))
        .map((file) => file.split(path.sep).join("/"))
        .filter((key) => key.startsWith(prefix));
      for (const key of keys) {
        const facts = await head(s3Uri(bucket, key));
        if (facts !== undefined) yield facts;
      }
    },

    remove: (uri) => rm(pathOf(uri), { force: true }),
  };
}

async function md5(file: string): Promise<string> {
  const hash = createHash("md5");
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest("hex");
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof Error && "code" in error && ["ENOENT", "ENOTDIR", "EISDIR"].includes(String(error.code))
  );
}

function orMissing(uri: S3Uri): (error: unknown) => never {
  return (error) => {
    if (isMissing(error)) throw new ObjectMissing(`${uri} is not there`);
    throw error;
  };
}
