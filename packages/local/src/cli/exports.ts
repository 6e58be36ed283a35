import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { FileName, type FileOutcome, PersonEmail } from "@penstock/contracts";
import * as v from "valibot";
import { exitCodeOf, UsageError } from "./usage.ts";

const usage = `penstock exports --email ADDRESS FILE… [--json]

Registers a person with the local cloud that \`penstock dev\` runs, uploads exports of theirs, and waits for what becomes of
each. A file that is too large to be read unasked is read by \`penstock run digital-dna\` with user and file.
  --email ADDRESS  whose exports they are; the same address is the same person
  --json           print JSON
A deployed stage takes exports over its HTTP API: see docs/operations.md.
Exit codes: 0 each file was read or skipped, 1 one was refused or failed, 2 wrong usage, 3 out of reach.`;

/** Milliseconds between two looks. */
const POLL = 500;

/** `penstock exports`. @returns the exit code, as the usage says */
export function exportsCommand(args: string[]): Promise<number> {
  return exitCodeOf(
    usage,
    async () => {
      const { values, positionals } = parseArgs({
        args,
        allowPositionals: true,
        options: {
          email: { type: "string" },
          json: { type: "boolean", default: false },
          help: { type: "boolean", default: false },
        },
      });
      if (values.help) {
        console.log(usage);
        return 0;
      }
      const email = v.safeParse(PersonEmail, { email: values.email });
      if (!email.success) throw new UsageError(`--email: ${email.issues[0].message}`);
      const files = await named(positionals);
      const [{ runningCloud, NoLocalCloud }, { apiCaller }, sending] = await Promise.all([
        import("./running-cloud.ts"),
        import("../main-job/call-api.ts"),
        import("../exports/send-exports.ts"),
      ]);
      const cloud = await runningCloud();
      if (cloud === undefined) throw new NoLocalCloud();
      const { signal } = new AbortController();
      const call = await apiCaller({ httpApis: cloud }, "penstock/exports", signal);
      const { user } = await sending.registerPerson(call, email.output.email);
      const sent = new Map<string, string>();
      for (const [file, from] of files) {
        const bytes = await readFile(from);
        sent.set(file, await sending.sendExport(call, user, { file, bytes }, signal));
      }
      const outcomes = await ended(() => sending.fileOutcomes(call, user), sent);
      if (values.json) console.log(JSON.stringify({ user, files: outcomes }, null, 2));
      else for (const line of [user, ...outcomes.map(told)]) console.log(line);
      return outcomes.some(({ status }) => status === "failed" || status === "refused") ? 1 : 0;
    },
    3,
  );
}

/** The files to upload by the names that they get: their own, without folders. */
async function named(given: readonly string[]): Promise<Map<string, string>> {
  if (given.length === 0) throw new UsageError("Name the files to upload.");
  const files = new Map<string, string>();
  for (const from of given) {
    const file = path.basename(from).normalize("NFC");
    const name = v.safeParse(FileName, file);
    if (!name.success) throw new UsageError(`${from}: ${name.issues[0].message}`);
    if (files.has(file)) throw new UsageError(`Two of the files are called ${file}.`);
    if (!(await stat(from).catch(() => undefined))?.isFile()) throw new UsageError(`${from} is no file.`);
    files.set(file, from);
  }
  return files;
}

/** Looks until there is an outcome of each of these very versions. A file that is sent again as it was has one at once. */
async function ended(
  look: () => Promise<readonly FileOutcome[]>,
  sent: ReadonlyMap<string, string>,
): Promise<FileOutcome[]> {
  for (;;) {
    const found = (await look()).filter(({ file, etag }) => sent.get(file) === etag);
    if (found.length === sent.size) return found;
    await sleep(POLL);
  }
}

/** `processed  card.csv  financial 7, 3 chunks` */
function told({ status, reason, file, items, flags, chunks }: FileOutcome): string {
  const found = Object.entries(items).flatMap(([category, count]) =>
    count > 0 ? [`${category} ${count}`] : [],
  );
  const why = reason === null ? status : `${status} (${reason})`;
  const what = found.length === 0 ? "nothing found" : found.join(", ");
  return [
    why,
    file,
    `${what}, ${chunks} chunks`,
    ...(flags.length > 0 ? [`flagged: ${flags.join(", ")}`] : []),
  ].join("  ");
}
