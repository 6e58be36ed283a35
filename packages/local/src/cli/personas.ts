import { parseArgs } from "node:util";
import { dnaCategories, type Persona, UserId } from "@penstock/contracts";
import * as v from "valibot";
import { exitCodeOf, UsageError } from "./usage.ts";

const usage = `penstock personas USER [--json]

Prints what the exports of a person tell, of the local cloud that \`penstock dev\` runs.
  USER    as \`penstock exports\` prints it
  --json  print all of it as JSON
Exit codes: 0 printed, 2 wrong usage, 3 nothing is known of them, or out of reach.`;

/** `penstock personas`. @returns the exit code, as the usage says */
export function personasCommand(args: string[]): Promise<number> {
  return exitCodeOf(
    usage,
    async () => {
      const { values, positionals } = parseArgs({
        args,
        allowPositionals: true,
        options: { json: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
      });
      if (values.help) {
        console.log(usage);
        return 0;
      }
      const user = v.safeParse(UserId, positionals[0]);
      if (!user.success || positionals.length > 1) throw new UsageError("Name one person, by their id.");
      const [{ runningCloud, NoLocalCloud }, { apiCaller }, { readPersonas }] = await Promise.all([
        import("./running-cloud.ts"),
        import("../main-job/call-api.ts"),
        import("../exports/send-exports.ts"),
      ]);
      const cloud = await runningCloud();
      if (cloud === undefined) throw new NoLocalCloud();
      const call = await apiCaller({ httpApis: cloud }, "penstock/personas", new AbortController().signal);
      const personas = await readPersonas(call, user.output);
      if (personas === undefined) {
        console.error("Nothing is known of this person.");
        return 3;
      }
      const each = dnaCategories.flatMap((type) => personas[type] ?? []);
      console.log(values.json ? JSON.stringify(personas, null, 2) : each.map(told).join("\n\n"));
      return 0;
    },
    3,
  );
}

function told({ name, completeness, summary, insights, sources }: Persona): string {
  return [
    `${name}, ${completeness} % complete, of ${sources.length} files`,
    `  ${summary}`,
    ...insights.map((insight) => `  - ${insight}`),
  ].join("\n");
}
