// `npm run schemas -w @penstock/contracts` after a contract changes; a test fails while the files are stale.
import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { campaignSchemaFiles, dnaSchemaFiles, featureSchemaFiles, schemaFiles } from "./schema-files.ts";

const root = resolve(import.meta.dirname, "../../..");

const frozen = [
  { files: featureSchemaFiles(), where: "packages/contracts/src/features/feature-tables.ts" },
  { files: campaignSchemaFiles(), where: "packages/contracts/src/campaign/campaign-schemas.ts" },
  { files: dnaSchemaFiles(), where: "packages/contracts/src/dna/dna-schemas.ts" },
];

for (const { files, where } of frozen)
  for (const [path, content] of files) {
    const file = resolve(root, path);
    if (!existsSync(file) || readFileSync(file, "utf8") === content) continue;
    console.error(`${path} would say something else. A version never changes: raise it in ${where}`);
    process.exit(1);
  }

for (const [path, content] of [schemaFiles(), ...frozen.map(({ files }) => files)].flatMap((files) => [
  ...files,
])) {
  const file = resolve(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  console.log(`wrote ${path}`);
}
