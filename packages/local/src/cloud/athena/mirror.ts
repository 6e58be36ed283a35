import { link, mkdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ObjectFacts, ObjectStore } from "@penstock/runtime";

/** Objects that arrive at once. */
const AT_ONCE = 8;

/** Who has read which object, for as long as the process lives: rights do not change while the cloud runs. */
const readers = new Set<string>();
/** What is forgotten is only asked again. */
const MOST_READERS = 100_000;

/**
 * Objects of S3 as files, each once, by its entity tag: what was read before, by any query, is there already. A query
 * sees them under names of its own, which tell the values of their partition.
 */
export class Mirror {
  readonly #store: ObjectStore;
  readonly #directory: string;
  readonly #reader: string;
  #arriving = 0;

  /** @param reader the access key of who reads: a file that is there already is for those only who may read its object */
  constructor(store: ObjectStore, directory: string, reader: string) {
    this.#store = store;
    this.#directory = directory;
    this.#reader = reader;
  }

  /** Gives each object a second name. */
  async link(files: readonly { readonly object: ObjectFacts; readonly as: string }[]): Promise<void> {
    const left = [...files];
    const worker = async () => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) {
        await this.#linkOne(next).catch((error: unknown) => {
          left.length = 0;
          throw error;
        });
      }
    };
    const workers = Array.from({ length: Math.min(AT_ONCE, files.length) }, worker);
    const done = await Promise.allSettled(workers);
    // Only now, when nothing is written any more, may the query's folders be removed.
    for (const each of done) if (each.status === "rejected") throw each.reason;
  }

  async #linkOne({ object, as }: { readonly object: ObjectFacts; readonly as: string }): Promise<void> {
    await mkdir(dirname(as), { recursive: true });
    const file = join(this.#directory, `${object.etag}-${object.bytes}.parquet`);
    const right = `${this.#reader} ${object.uri}`;
    try {
      await link(file, as);
      if (!readers.has(right)) await this.#store.range(object.uri, 0, 1);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
      const arriving = join(this.#directory, `arriving-${process.pid}-${this.#arriving++}`);
      await this.#store.download(object.uri, arriving);
      // First the second name: an equal object of another worker may take this one's place at any time.
      await link(arriving, as);
      await rename(arriving, file);
    }
    if (readers.size >= MOST_READERS) readers.clear();
    readers.add(right);
  }
}
