// `npm run schemas -w @penstock/contracts` after a contract changes; a test fails while the files are stale.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { schemaFiles } from "./schema-files.ts";

const root = resolve(import.meta.dirname, "../../..");

for (const [path, content] of schemaFiles()) {
  const file = resolve(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  console.log(`wrote ${path}`);
}
