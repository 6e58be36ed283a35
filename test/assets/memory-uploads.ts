import type { UploadedFile, Uploads } from "../../packages/assets/src/uploads/index.ts";

/** Uploads in memory, by their keys. */
export class MemoryUploads implements Uploads {
  readonly all = new Map<string, UploadedFile & { readonly content: Uint8Array }>();
  /** How often a file was written. */
  puts = 0;
  /** What was read of the files, in bytes. */
  read = 0;

  async form(...[key, { type, owner }]: Parameters<Uploads["form"]>) {
    return {
      url: "https://uploads.example/",
      fields: { key, "Content-Type": type, "x-amz-meta-owner": owner },
    };
  }

  async put(...[key, content, type, owner]: Parameters<Uploads["put"]>): Promise<void> {
    this.puts += 1;
    this.arrive(key, content, type, owner);
  }

  /** A file that comes by a form. */
  arrive(key: string, content: Uint8Array, type: string, owner: string | undefined): void {
    const etag = `etag-${this.all.size}`;
    this.all.set(key, { content, bytes: content.byteLength, type, owner, etag, at: new Date(0) });
  }

  async find(key: string): Promise<UploadedFile | undefined> {
    const found = this.all.get(key);
    if (found === undefined) return undefined;
    const { content: _, ...known } = found;
    return known;
  }

  async range(key: string, start: number, end: number): Promise<Uint8Array> {
    const part = this.all.get(key)?.content.subarray(start, end) ?? new Uint8Array(0);
    this.read += part.byteLength;
    return part;
  }
}
