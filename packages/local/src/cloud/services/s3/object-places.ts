import { createHash } from "node:crypto";
import { join } from "node:path";

/** Most file systems allow 255 bytes in a name. */
const LONGEST_NAME = 200;
const HASHED = ".keys";

/**
 * Where the bytes of a key lie. A key that can be a path is one, so that a kept bucket can be looked at with any tool;
 * the others (`..`, empty parts, very long names, a name that another key needs as a folder, names that differ only in
 * case) lie under a hash.
 */
export class ObjectPlaces {
  readonly #directory: string;
  /** Folded paths in use as files, with the key that has them. */
  readonly #files = new Map<string, string>();
  /** Folded paths in use as folders. A folder stays one: emptied folders are not worth the bookkeeping. */
  readonly #folders = new Set<string>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The file of a key, now reserved for it. */
  of(key: string): string {
    const parts = key.split("/");
    const folded = parts.map((part) => part.normalize("NFC").toLowerCase());
    const path = folded.join("/");
    if (this.#files.get(path) === key) return join(this.#directory, ...parts);
    if (!this.#fits(parts, folded)) {
      return join(this.#directory, HASHED, createHash("sha256").update(key).digest("hex"));
    }
    this.#files.set(path, key);
    for (let depth = 1; depth < folded.length; depth++) this.#folders.add(folded.slice(0, depth).join("/"));
    return join(this.#directory, ...parts);
  }

  /** Gives a removed key's path back. */
  free(key: string): void {
    const path = key.normalize("NFC").toLowerCase();
    if (this.#files.get(path) === key) this.#files.delete(path);
  }

  #fits(parts: readonly string[], folded: readonly string[]): boolean {
    const named = parts.every(isFileName);
    if (!named || parts[0] === HASHED || Buffer.byteLength(parts.join("/")) > 800) return false;
    const path = folded.join("/");
    if (this.#files.has(path) || this.#folders.has(path)) return false;
    for (let depth = 1; depth < folded.length; depth++) {
      if (this.#files.has(folded.slice(0, depth).join("/"))) return false;
    }
    return true;
  }
}

/** Characters that some file system refuses, control characters included. */
const UNSAFE = /[\p{Cc}\\:*?"<>|]/u;

function isFileName(part: string): boolean {
  return (
    part !== "" &&
    part !== "." &&
    part !== ".." &&
    !UNSAFE.test(part) &&
    Buffer.byteLength(part) <= LONGEST_NAME
  );
}
