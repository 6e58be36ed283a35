import { mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { ObjectPlaces } from "./object-places.ts";
import { byUtf8, type ObjectFacts, type StoredObject } from "./stored-object.ts";

/**
 * One bucket: its objects' facts in memory, their bytes in files. A write lands beside and is renamed into place, so a
 * reader sees the old object or the new one whole, never a part.
 */
export class Bucket {
  readonly name: string;
  readonly #objects = new Map<string, StoredObject>();
  readonly #places: ObjectPlaces;
  #sortedKeys: string[] | undefined;
  #changes = 0n;

  constructor(name: string, directory: string) {
    this.name = name;
    this.#places = new ObjectPlaces(directory);
    mkdirSync(directory, { recursive: true });
  }

  get(key: string): StoredObject | undefined {
    return this.#objects.get(key);
  }

  /** Takes over a finished file as the object's bytes. */
  put(facts: Omit<ObjectFacts, "sequencer">, writtenFile: string): StoredObject {
    const file = this.#places.of(facts.key);
    mkdirSync(dirname(file), { recursive: true });
    renameSync(writtenFile, file);
    this.#changes += 1n;
    const sequencer = this.#sequencer();
    const stored: StoredObject = { ...facts, sequencer, file };
    if (!this.#objects.has(facts.key)) this.#sortedKeys = undefined;
    this.#objects.set(facts.key, stored);
    return stored;
  }

  /** Removes an object; tells what was there and the sequencer of its end. */
  remove(key: string): { object: StoredObject; sequencer: string } | undefined {
    const object = this.#objects.get(key);
    if (object === undefined) return undefined;
    this.#objects.delete(key);
    this.#sortedKeys = undefined;
    this.#changes += 1n;
    rmSync(object.file, { force: true });
    this.#places.free(key);
    return { object, sequencer: this.#sequencer() };
  }

  /** Every key in S3's order. */
  keys(): readonly string[] {
    this.#sortedKeys ??= [...this.#objects.keys()].sort(byUtf8);
    return this.#sortedKeys;
  }

  /** Milliseconds, then a counter, in hexadecimal of fixed length: sequencers compare as text. */
  #sequencer(): string {
    return BigInt(Date.now()).toString(16).padStart(12, "0") + this.#changes.toString(16).padStart(8, "0");
  }
}
