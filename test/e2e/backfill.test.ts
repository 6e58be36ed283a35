import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { ListExecutionsCommand } from "@aws-sdk/client-sfn";
import { FeaturesManifest, featureTables } from "@penstock/contracts";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clientsOf, execute } from "../local/clients.ts";
import { type Announced, CommandLine, type Ended } from "../local/command-line.ts";
import { askFeatures } from "./feature-cloud.ts";
import { catalogueOf, interactionsOf, rawInteractions } from "./interactions.ts";

/** Days with interactions: of three ranges of a week each. The fourth, which is cut off, has an object without a line. */
const days = ["2025-03-03", "2025-03-09", "2025-03-10", "2025-03-14", "2025-03-17"];
const empty = "2025-03-24";
const ranges = ["2025-03-03-2025-03-09", "2025-03-10-2025-03-16", "2025-03-17-2025-03-23"];
const emptyRange = "2025-03-24-2025-03-25";
const backfill = ["backfill", "--from", "2025-03-03", "--to", "2025-03-25", "--parallel", "2"];
const SESSIONS = 12;
const columns = featureTables.interaction.columns.map(({ name }) => `"${name}"`).join(", ");

const line = new CommandLine();
let dev: ChildProcess;
let cloud: Announced;
let clients: ReturnType<typeof clientsOf>;

beforeAll(async () => {
  ({ process: dev, announced: cloud } = await line.dev());
  clients = clientsOf(cloud.endpoint);
  const objects = [
    ...catalogueOf("2025-03-01"),
    ...days.map((day) => rawInteractions(day, interactionsOf(day, SESSIONS))),
    rawInteractions(empty, [""]),
  ];
  for (const { key, body } of objects)
    await clients.s3.send(new PutObjectCommand({ Bucket: cloud.outputs.interactions, Key: key, Body: body }));
});
afterAll(() => {
  dev.kill("SIGKILL");
  line.remove();
});

const machine = () =>
  Object.values(cloud.machines).find((arn) => arn.endsWith(":penstock-local-feature-pipeline")) ?? "";

/** Executions of the feature pipeline by their names. */
async function executions(): Promise<Record<string, string | undefined>> {
  const { executions: found = [] } = await clients.sfn.send(
    new ListExecutionsCommand({ stateMachineArn: machine() }),
  );
  return Object.fromEntries(found.map(({ name = "", status }) => [name, status]));
}

/** Runs the backfill until it has printed a line, and kills it. @returns what it printed */
async function killedAt(printed: RegExp): Promise<string[]> {
  const child = line.start(backfill);
  const lines: string[] = [];
  for await (const text of createInterface({ input: child.stdout ?? process.stdin })) {
    lines.push(text);
    if (!printed.test(text)) continue;
    child.kill("SIGKILL");
    break;
  }
  return lines;
}

/** What a call printed of each step: `2025-03-03 to 2025-03-09: validation ran`. */
const steps = ({ stdout }: Pick<Ended, "stdout">) =>
  [...stdout.matchAll(/^(\S+) to (\S+): (\w+) (ran|redriven|done before), (\w+)/gm)].map(
    ([, from, to, step, how, status]) => [`${from}-${to}`, step, how, status],
  );

/** The interactions' features that are current, day by day. */
async function currentRows(): Promise<string[][]> {
  const { Item } = await clients.dynamodb.send(
    new GetItemCommand({ TableName: cloud.outputs.builds, Key: { system: { S: "features" } } }),
  );
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(Item?.manifest?.S ?? "") ?? [];
  const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket, Key }));
  const manifest = v.parse(FeaturesManifest, JSON.parse((await Body?.transformToString()) ?? "null"));
  const current = Object.entries(manifest.interactions.days).map(
    ([day, { attempt }]) => `attempt = '${attempt}' AND CAST(occurred_at AS DATE) = DATE '${day}'`,
  );
  const sql = `SELECT ${columns} FROM interaction_features WHERE (${current.join(") OR (")}) ORDER BY occurred_at, interaction_id`;
  return askFeatures(clients.athena, cloud.outputs.featuresDatabase, sql);
}

describe("penstock backfill", () => {
  it("prints what it would do and about what that costs, and does nothing", async () => {
    const { code, stdout } = await line.run([...backfill, "--dry-run"]);

    expect(code).toBe(0);
    expect(stdout).toMatch(/│ 2025-03-03 │ 2025-03-09 │ 2 stale +│/);
    expect(stdout).toMatch(/│ 2025-03-17 │ 2025-03-23 │ 1 stale +│/);
    expect(stdout).toMatch(/│ total +│ +│ 4 to run +│.* \$\d+\.\d\d +│/);
    expect(await executions()).toEqual({});
  });

  it("is killed half-way, and called again goes on where it was: no range is done twice", async () => {
    const lines = await killedAt(/: features ran/);
    const second = await line.run(backfill);

    expect(steps({ stdout: lines.join("\n") }).toSorted()).toEqual(
      [
        ...ranges.map((range) => [range, "validation", "ran", "VALIDATED"]),
        [emptyRange, "validation", "ran", "EMPTY"],
        [ranges[0], "features", "ran", "SUCCEEDED"],
      ].toSorted(),
    );
    expect(second.code).toBe(0);
    expect(second.stdout).toMatch(/│ 2025-03-03 │ 2025-03-09 │ current +│/);
    // What was begun when it was killed goes on without it, and may have ended by then.
    expect(steps(second).filter(([range]) => range === ranges[2])).toEqual([
      [ranges[2], "validation", "done before", "VALIDATED"],
      [ranges[2], "features", "ran", "SUCCEEDED"],
    ]);
    expect(steps(second).filter(([range]) => range === ranges[0])).toEqual([]);
    // What is known to have no line is not asked for again.
    expect(steps(second).filter(([range]) => range === emptyRange)).toEqual([]);
    const names = [
      ...ranges.flatMap((range) => [`backfill-${range}`, `backfill-${range}-validation`]),
      `backfill-${emptyRange}-validation`,
    ];
    expect(await executions()).toEqual(Object.fromEntries(names.map((name) => [name, "SUCCEEDED"])));
  }, 400_000);

  it("has nothing to do a third time", async () => {
    const before = await executions();

    const { code, stdout } = await line.run([...backfill, "--json"]);

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      slices: [{ current: true }, { current: true }, { current: true }, { current: true }],
      executions: [],
      dollars: 0,
    });
    expect(await executions()).toEqual(before);
  });

  it("gives the interactions the features that a weekly run over all days gives them", async () => {
    const filled = await currentRows();

    const weekly = await execute(clients.sfn, machine(), {
      mode: "weekly",
      scheduled_at: "2025-03-18T07:00:00Z",
    });

    expect(weekly.status).toBe("SUCCEEDED");
    expect(filled).toHaveLength(weekly.result.rows.interaction);
    expect(filled.length).toBeGreaterThan(250);
    expect(await currentRows()).toEqual(filled);
  }, 200_000);
});
