// `npm run schemas -w @penstock/contracts` after a contract changes; a test fails while the files are stale.
import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { featureSchemaFiles, schemaFiles } from "./schema-files.ts";

const root = resolve(import.meta.dirname, "../../..");

for (const [path, content] of featureSchemaFiles()) {
  const file = resolve(root, path);
  if (!existsSync(file) || readFileSync(file, "utf8") === content) continue;
  console.error(
    `${path} says something else of these features. A version never changes: raise theirs in packages/contracts/src/features/feature-tables.ts`,
  );
  process.exit(1);
}

for (const [path, content] of [...schemaFiles(), ...featureSchemaFiles()]) {
  const file = resolve(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  console.log(`wrote ${path}`);
}
