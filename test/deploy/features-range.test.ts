import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import * as v from "valibot";
import { afterEach, beforeEach, expect, it } from "vitest";
import { parse } from "yaml";
import { FeaturePipelineInput } from "../../packages/contracts/src/index.ts";

const run = promisify(execFile);
const file = path.resolve(import.meta.dirname, "../../.github/workflows/features-range.yml");
const Step = v.object({ name: v.string(), run: v.string(), env: v.record(v.string(), v.string()) });
const Workflow = v.object({
  on: v.object({ workflow_dispatch: v.object({ inputs: v.record(v.string(), v.unknown()) }) }),
  permissions: v.record(v.string(), v.string()),
  jobs: v.object({ features: v.object({ steps: v.array(Step) }) }),
});

const workflow = v.parse(Workflow, parse(await readFile(file, "utf8")));
const { steps } = workflow.jobs.features;
const MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:penstock-production-feature-pipeline";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "features-range-"));
  // As the runner's programs answer: a token, an execution, and its end at the second look.
  await writeFile(path.join(folder, "curl"), `#!/bin/sh\necho '{"value":"a-token"}'\n`, { mode: 0o755 });
  await writeFile(
    path.join(folder, "aws"),
    `#!/bin/sh
printf '%s\\n' "$@" >> "${folder}/asked"
case "$2" in
  start-execution) echo "arn:execution" ;;
  *) looks=$(cat "${folder}/looks" 2> /dev/null || echo 0); echo $((looks + 1)) > "${folder}/looks"
    if [ "$looks" -ge "$FAILING" ]; then
      if [ "$looks" -gt "$FAILING" ]; then cat "${folder}/end"; else echo '{"status":"RUNNING"}'; fi
    else
      exit 254
    fi ;;
esac
`,
    { mode: 0o755 },
  );
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function start(given: Readonly<Record<string, string>>, end: object) {
  await writeFile(path.join(folder, "end"), JSON.stringify(end));
  const env = {
    PATH: `${folder}:${process.env.PATH}`,
    MACHINE,
    NAME: "github-1",
    POLL_SECONDS: "0",
    TOLERATED: "2",
    WAIT_MINUTES: "5",
    FAILING: "0",
    AWS_WEB_IDENTITY_TOKEN_FILE: path.join(folder, "token"),
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "t",
    ACTIONS_ID_TOKEN_REQUEST_URL: "https://token.invalid/?a=b",
    GITHUB_STEP_SUMMARY: path.join(folder, "summary"),
    START_DATE: "2026-01-01",
    END_DATE: "2026-01-31",
    OUTPUT_PATH: "",
    VALIDATE_ONLY: "false",
    ...given,
  };
  const { ended, said } = await run("bash", ["-c", steps[0]?.run ?? "exit 9"], { env }).then(
    ({ stdout }) => ({ ended: 0, said: stdout }),
    ({ code, stdout }: { code?: number; stdout: string }) => ({ ended: code, said: stdout }),
  );
  const asked = (await readFile(path.join(folder, "asked"), "utf8")).split("\n");
  return { ended, said, asked, input: JSON.parse(asked[asked.indexOf("--input") + 1] ?? "") };
}

it("has no script with an expression in it: what somebody has typed is never part of one", () => {
  expect(steps.filter((step) => step.run.includes("${{")).map(({ name }) => name)).toEqual([]);
  expect(Object.keys(workflow.on.workflow_dispatch.inputs)).toEqual([
    "start_date",
    "end_date",
    "output_path",
    "validate_only",
  ]);
});

it("has no right but that to a token by which AWS knows it", () => {
  expect(workflow.permissions).toEqual({ "id-token": "write" });
});

const hasPrograms = await run("bash", ["-c", "command -v jq"]).then(
  () => true,
  () => false,
);
/** GitHub's runners have bash and jq; a laptop may not, and is not asked for them but in CI. */
const withPrograms = it.skipIf(!hasPrograms && process.env.CI === undefined);

withPrograms(
  "starts the range that was asked for, as the pipeline's contract has it, and waits for its end",
  async () => {
    const output_path = "s3://features/exports/january/";

    const { ended, asked, input } = await start(
      { OUTPUT_PATH: output_path, VALIDATE_ONLY: "true" },
      { status: "SUCCEEDED", output: '{"status":"VALIDATED"}' },
    );

    expect(ended).toBe(0);
    expect(v.parse(FeaturePipelineInput, input)).toEqual({
      mode: "range",
      start_date: "2026-01-01",
      end_date: "2026-01-31",
      output_path,
      validate_only: true,
    });
    expect(asked).toContain(MACHINE);
    expect(await readFile(path.join(folder, "token"), "utf8")).toBe("a-token\n");
    expect(await readFile(path.join(folder, "summary"), "utf8")).toContain('"status": "VALIDATED"');
  },
);

withPrograms("fails when the pipeline fails", async () => {
  const { ended } = await start({}, { status: "FAILED", error: "ValidationFailed", cause: "see the report" });

  expect(ended).toBe(1);
  expect(await readFile(path.join(folder, "summary"), "utf8")).toContain("ValidationFailed");
});

withPrograms("fails when another execution did the work, and says so", async () => {
  const { ended, said } = await start({}, { status: "SUCCEEDED", output: '{"status":"COALESCED"}' });

  expect(ended).toBe(1);
  expect(said).toContain("::error::Another execution was doing the same");
});

withPrograms("goes on after a look that failed, and ends after too many of them", async () => {
  const succeeded = { status: "SUCCEEDED", output: '{"status":"SUCCEEDED"}' };

  expect((await start({ FAILING: "2" }, succeeded)).ended).toBe(0);
  await rm(path.join(folder, "looks"));
  const { ended, said } = await start({ FAILING: "3" }, succeeded);
  expect(ended).toBe(1);
  expect(said).toContain("::error::3 looks at arn:execution failed");
});

withPrograms("waits no longer than a job may, and says what goes on without it", async () => {
  const { ended, said } = await start({ WAIT_MINUTES: "0" }, { status: "SUCCEEDED" });

  expect(ended).toBe(1);
  expect(said).toContain("::error::Still running after 0 minutes: look at arn:execution");
});

it("starts an execution of its own in each attempt: the name of one that has ended is taken for good", () => {
  expect(steps[0]?.env.NAME).toBe(`github-${"$"}{{ github.run_id }}-${"$"}{{ github.run_attempt }}`);
});

withPrograms("hands on what a hostile hand has typed as the text that it is", async () => {
  const typed = `2026-01-01"; touch ${"$"}{HOME}; $(touch ${"/nowhere"}) \``;

  const { input } = await start({ START_DATE: typed }, { status: "FAILED" });

  expect(input.start_date).toBe(typed);
});
