import { link, mkdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ObjectFacts, ObjectStore } from "@penstock/runtime";

/** Objects that arrive at once. */
const AT_ONCE = 8;

/**
 * Objects of S3 as files, each once, by its entity tag: what was read before, by any query, is there already. A query
 * sees them under names of its own, which tell the values of their partition.
 */
export class Mirror {
  readonly #store: ObjectStore;
  readonly #directory: string;
  #arriving = 0;

  constructor(store: ObjectStore, directory: string) {
    this.#store = store;
    this.#directory = directory;
  }

  /** Gives each object a second name. */
  async link(files: readonly { readonly object: ObjectFacts; readonly as: string }[]): Promise<void> {
    const left = [...files];
    const worker = async () => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) await this.#linkOne(next);
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, files.length) }, worker));
  }

  async #linkOne({ object, as }: { readonly object: ObjectFacts; readonly as: string }): Promise<void> {
    await mkdir(dirname(as), { recursive: true });
    const file = join(this.#directory, `${object.etag}-${object.bytes}.parquet`);
    try {
      await link(file, as);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
      const arriving = join(this.#directory, `arriving-${process.pid}-${this.#arriving++}`);
      await this.#store.download(object.uri, arriving);
      await rename(arriving, file);
      await link(file, as);
    }
  }
}
