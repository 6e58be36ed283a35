import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { inParallel } from "@penstock/runtime";
import { registerPerson, sendExport } from "../../exports/send-exports.ts";
import { type Check, check } from "../balance.ts";
import { apiCaller } from "../call-api.ts";
import type { Run } from "../run.ts";
import { settle } from "../settle.ts";
import { categoriesOf } from "./dna-checks.ts";
import { renderDna } from "./dna-lines.ts";
import { personDna } from "./person-dna.ts";

/** One person's exports in a folder, each with the categories that it is expected to tell of. */
export interface ExportsFolder {
  readonly directory: string;
  readonly expected: ReadonlyMap<string, readonly string[]>;
}

const MANIFEST = "manifest.csv";

/** The exports of a folder whose `manifest.csv` begins with the columns file and expected_category; undefined for any other folder. */
export async function exportsFolder(directory: string): Promise<ExportsFolder | undefined> {
  const names = await readdir(directory).catch((): string[] => []);
  if (!names.includes(MANIFEST)) return undefined;
  const [head = "", ...lines] = (await readFile(join(directory, MANIFEST), "utf8")).trim().split(/\r?\n/);
  if (!/^file,expected_category\b/.test(head)) return undefined;
  // Neither names nor categories have commas; what follows them may.
  const rows = lines.map((line) => line.split(",")).filter(([file = ""]) => names.includes(file));
  return {
    directory,
    expected: new Map(rows.map(([file = "", categories = ""]) => [file, categories.split(";").sort()])),
  };
}

/** Lets one person upload all of a folder, and tells of each file what was found and what was expected. */
export async function folderExports(
  run: Run,
  { directory, expected }: ExportsFolder,
): Promise<readonly Check[]> {
  const { cloud, screen, signal } = run;
  const call = await apiCaller(cloud, "penstock/exports", signal);
  const { user } = await registerPerson(call, "person@example.org");
  await inParallel([...expected.keys()], async (file) =>
    sendExport(call, user, { file, bytes: await readFile(join(directory, file)) }, signal),
  );
  await settle(run);
  const person = await personDna(run, user);
  const widest = Math.max(...[...expected.keys()].map((file) => file.length));
  const others: string[] = [];
  for (const [file, categories] of expected) {
    const found = categoriesOf(person.documents.find((each) => each.file === file));
    const as = found.join() === categories.join() ? "as expected" : `expected ${categories.join(", ")}`;
    if (as !== "as expected") others.push(file);
    screen.line(`  ${file.padEnd(widest)}  ${found.join(", ") || "nothing"}: ${as}`);
  }
  for (const said of renderDna([person])) screen.line(said);
  return [
    check(
      "categories of the exports",
      others.map((file) => `${file} has others`),
      `${expected.size} of ${expected.size} as expected`,
    ),
  ];
}
