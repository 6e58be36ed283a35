import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import * as v from "valibot";
import { root } from "./rendered.ts";

const requireFromPlatform = createRequire(path.join(root, ".sst/platform/package.json"));
const esbuild: { build(options: unknown): Promise<unknown> } = requireFromPlatform("esbuild");

export const nameOf = (spec: string) => spec.slice(0, spec.lastIndexOf("@"));

/** What to bundle: a source file, or source text that is read as if it lay in `resolveDir`. */
export type Entry =
  | { entryPoints: [string] }
  | { stdin: { contents: string; resolveDir: string; loader: "ts" } };

/**
 * Bundles code as SST 4.17.1 bundles a handler (its pkg/runtime/node/build.go), with the platform's esbuild; `es2023`
 * because that esbuild has no `es2024` yet, which only makes the bundle more conservative.
 *
 * @param external packages that are left out of the bundle
 * @returns the bundle's path
 */
export async function bundle(entry: Entry, external: readonly string[], folder: string): Promise<string> {
  const outfile = path.join(folder, "bundle.mjs");
  await esbuild.build({
    absWorkingDir: root,
    ...entry,
    platform: "node",
    external: ["sharp", "pg-native", ...external],
    keepNames: true,
    bundle: true,
    outfile,
    format: "esm",
    target: "es2023",
    mainFields: ["module", "main"],
    banner: {
      js: [
        "import { createRequire as topLevelCreateRequire } from 'module';",
        "const require = topLevelCreateRequire(import.meta.url);",
        `import { fileURLToPath as topLevelFileUrlToPath, URL as topLevelURL } from "url"`,
        "const __filename = topLevelFileUrlToPath(import.meta.url)",
        `const __dirname = topLevelFileUrlToPath(new topLevelURL(".", import.meta.url))`,
      ].join("\n"),
    },
    logLevel: "silent",
  });
  return outfile;
}

const Package = v.object({
  dependencies: v.optional(v.record(v.string(), v.string()), {}),
  optionalDependencies: v.optional(v.record(v.string(), v.string()), {}),
});

/** Copies packages and what they depend on from this repository, for this machine's processor. */
export function copyPackages(specs: readonly string[], target: string): void {
  const waiting = specs.map(nameOf);
  for (const name of waiting) {
    const from = path.join(root, "node_modules", name);
    const to = path.join(target, "node_modules", name);
    // Of the packages per processor only this machine's is there.
    if (!existsSync(from) || existsSync(to)) continue;
    cpSync(from, to, { recursive: true });
    const { dependencies, optionalDependencies } = v.parse(
      Package,
      JSON.parse(readFileSync(path.join(from, "package.json"), "utf8")),
    );
    waiting.push(...Object.keys(dependencies), ...Object.keys(optionalDependencies));
  }
}

/**
 * The same packages for Lambda's processor, by the very command that SST runs. Needs the npm registry the first time;
 * kept under .penstock for as long as the versions stay the same.
 */
export function installForLambda(specs: readonly string[]): string {
  const hash = createHash("sha256").update(specs.join()).digest("hex").slice(0, 12);
  const folder = path.join(root, ".penstock/lambda-packages", hash);
  const bindings = path.join(folder, "node_modules/@duckdb/node-bindings-linux-arm64");
  // Only DuckDB has a part per processor; the transpiler is WebAssembly.
  const isWhole = () => existsSync(bindings) || !specs.some((spec) => nameOf(spec) === "@duckdb/node-api");
  if (existsSync(path.join(folder, "done")) && isWhole()) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const dependencies = Object.fromEntries(
    specs.map((spec) => [nameOf(spec), spec.slice(nameOf(spec).length + 1)]),
  );
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ dependencies }));
  const args = ["install", "--force", "--platform=linux", "--os=linux", "--arch=arm64", "--cpu=arm64"];
  const { status, stderr } = spawnSync("npm", args, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`npm could not install ${specs.join(" ")} for Lambda:\n${stderr}`);
  // npm leaves out an optional dependency that the registry does not have, and says nothing: so would a deployment.
  if (!isWhole()) {
    throw new Error(
      `npm found no ${path.basename(bindings)} for ${specs.join(" ")}: pin a version that is published for it.`,
    );
  }
  writeFileSync(path.join(folder, "done"), "");
  return folder;
}

/** Bytes of a file, or of all files in a folder. */
export function bytes(file: string): number {
  const stat = statSync(file);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(file).reduce((sum, entry) => sum + bytes(path.join(file, entry)), 0);
}
