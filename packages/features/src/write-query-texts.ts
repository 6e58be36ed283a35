// `npm run queries -w @penstock/features` after a file in sql/ changes; a test fails while the module is stale.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const folder = path.resolve(import.meta.dirname, "../sql");
const names = ["user-features", "item-features", "interaction-features", "split"] as const;

/** The module that holds the queries of `sql/` without their comments, since a bundle has no files beside it. */
export function queryTexts(): string {
  const entries = names.map((name) => {
    const lines = readFileSync(path.join(folder, `${name}.sql`), "utf8").split("\n");
    const query = lines.filter((line) => line.trim() !== "" && !line.trimStart().startsWith("--"));
    const key = /^[a-z]+$/.test(name) ? name : JSON.stringify(name);
    return `  ${key}: \`\n${query.map((line) => `    ${line}\n`).join("")}  \`,\n`;
  });
  return [
    "// Made of sql/*.sql by `npm run queries -w @penstock/features`: change it there.\n\n",
    "/** The queries of the features and of the split, with `:name` for their parameters. */\n",
    `export const queryTexts = {\n${entries.join("")}} as const;\n`,
  ].join("");
}

if (process.argv[1] === import.meta.filename)
  writeFileSync(path.join(import.meta.dirname, "query-texts.ts"), queryTexts());
