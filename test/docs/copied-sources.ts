import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const original = path.resolve(import.meta.dirname, "../..");

/** What is copied: all that the program, its types and its tests are made of. */
const SOURCES = [
  "packages",
  "workflows",
  "stacks",
  "schemas",
  "test",
  "bench",
  "sst.config.ts",
  "vitest.config.ts",
  "tsconfig.json",
  "biome.json",
  "package.json",
  "package-lock.json",
  "README.md",
  ".gitignore",
];
/**
 * A copy of the sources in a folder of its own, with the installed packages, in which ours are the copied ones.
 *
 * Installed packages are linked one by one, in folders that are the copy's own: what clears such a folder (`npm ci` does)
 * takes away links. `setup.mjs`, which would install, is not copied.
 */
export class CopiedSources {
  readonly #folder = mkdtempSync(path.join(tmpdir(), "penstock-extended-"));
  /** Alone in its folder, so that nothing stands beside it that tests would look for. */
  readonly root = path.join(this.#folder, "main");

  constructor() {
    for (const source of SOURCES) {
      cpSync(path.join(original, source), path.join(this.root, source), {
        recursive: true,
        filter: (from) => path.basename(from) !== "node_modules",
      });
    }
    this.#linkInstalled("node_modules");
    for (const folder of readdirSync(path.join(original, "packages"))) {
      this.#linkInstalled(`packages/${folder}/node_modules`);
      this.#link(`node_modules/@penstock/${folder}`, path.join(this.root, "packages", folder));
    }
    for (const part of ["platform", "provider-lock.json"]) this.#link(`.sst/${part}`);
  }

  /** The packages of a `node_modules`, without ours and without what tools keep there (`.vite`, `.cache`). */
  #linkInstalled(folder: string): void {
    if (!existsSync(path.join(original, folder))) return;
    const installed = readdirSync(path.join(original, folder));
    for (const name of installed.filter((each) => each !== "@penstock" && !each.startsWith("."))) {
      this.#link(`${folder}/${name}`);
    }
  }

  #link(place: string, to = path.join(original, place)): void {
    mkdirSync(path.dirname(path.join(this.root, place)), { recursive: true });
    symlinkSync(to, path.join(this.root, place));
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
