import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as v from "valibot";
import type { ResourceGraph } from "./graph.ts";

/** A rendered graph, and the SHA-256 of every file that it depends on by path relative to the root. */
const Entry = v.strictObject({
  sources: v.record(v.string(), v.string()),
  // Written below from a graph, and by nobody else.
  graph: v.custom<ResourceGraph>((value) => typeof value === "object" && value !== null),
});
type Entry = v.InferOutput<typeof Entry>;

/** What a rendering always depends on, besides the program's own files. */
const FIXED = [".sst/provider-lock.json", ".sst/platform/version", "package-lock.json"];

function sha256(file: string): string {
  return existsSync(file) ? createHash("sha256").update(readFileSync(file)).digest("hex") : "absent";
}

/**
 * The last graph of a stage, kept under `.sst/render`. It is good as long as every file that the program was bundled
 * from has the content it had: the bundler's own list of inputs, not a guess by folder.
 */
export class RenderCache {
  readonly #root: string;
  readonly #file: string;
  readonly #renderer: readonly string[];

  /** @param renderer the renderer's own source files, relative to `root` */
  constructor(root: string, stage: string, renderer: readonly string[]) {
    this.#root = root;
    this.#file = path.join(root, ".sst/render", `${stage}.json`);
    this.#renderer = renderer;
  }

  /** The graph, if nothing has changed since it was stored. */
  read(): ResourceGraph | undefined {
    const entry = this.#entry();
    if (entry === undefined) return undefined;
    const { sources, graph } = entry;
    const same = Object.entries(sources).every(
      ([file, hash]) => sha256(path.join(this.#root, file)) === hash,
    );
    return same ? graph : undefined;
  }

  /** Stores the graph; a reader at the same time sees the old entry or the new one, never half of one. */
  write(graph: ResourceGraph, programSources: readonly string[]): void {
    const files = [...new Set([...FIXED, ...this.#renderer, ...programSources])].sort();
    const sources = Object.fromEntries(files.map((file) => [file, sha256(path.join(this.#root, file))]));
    mkdirSync(path.dirname(this.#file), { recursive: true });
    const draft = `${this.#file}.${randomUUID()}`;
    writeFileSync(draft, JSON.stringify({ sources, graph } satisfies Entry));
    renameSync(draft, this.#file);
  }

  #entry(): Entry | undefined {
    if (!existsSync(this.#file)) return undefined;
    try {
      return v.parse(Entry, JSON.parse(readFileSync(this.#file, "utf8")));
    } catch {
      // What was cut off or spoilt says nothing: render again.
      return undefined;
    }
  }
}
