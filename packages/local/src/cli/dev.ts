import { rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import colors from "picocolors";
import { bootCloud, type Cloud, type CloudDescription, describeCloud } from "../cloud/index.ts";
import { fastClock } from "../engine/index.ts";
import { parseTimeScale, timeScaleRefused, timeScaleUsage } from "../main-job/time-scale.ts";
import { renderProgram } from "../render/index.ts";
import { announce, root, runningCloud, stateDirectory, withdraw } from "./running-cloud.ts";
import { exitCodeOf, UsageError } from "./usage.ts";

const DEFAULT_PORT = 4666;

const usage = `penstock dev [--port PORT] [--stage STAGE] [--keep] [--time-scale N]

Boots the local cloud from sst.config.ts and keeps it up until Ctrl-C.
  --port PORT     port on 127.0.0.1 (default: ${DEFAULT_PORT}; 0: a free one); the HTTP API has the next one,
                  then the distributions, then the stand-in for YouTube
  --stage STAGE   evaluate the program as this stage (default: local)
  --keep          leave each finished execution as a file .penstock/dev/executions/<machine>/<name>.json
  --time-scale N  ${timeScaleUsage}

Objects lie in .penstock/dev/s3, logs of functions in .penstock/dev/logs. State lasts as long as the cloud does.`;

/** Another cloud of this checkout is up already. */
class AlreadyRunning extends Error {
  override readonly name = "AlreadyRunning";
}

/** `penstock dev`. @returns the exit code: 0 after Ctrl-C, 1 when it cannot boot, 2 for wrong arguments */
export function devCommand(args: string[]): Promise<number> {
  return exitCodeOf(usage, async () => {
    const { values } = parseArgs({
      args,
      options: {
        port: { type: "string", default: String(DEFAULT_PORT) },
        stage: { type: "string", default: "local" },
        keep: { type: "boolean", default: false },
        "time-scale": { type: "string", default: "1" },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) {
      console.log(usage);
      return 0;
    }
    const port = Number(values.port);
    if (!/^\d+$/.test(values.port) || port > 65_534) {
      throw new UsageError(`--port takes a number from 0 to 65534, not "${values.port}".`);
    }
    const timeScale = parseTimeScale(values["time-scale"]);
    if (timeScale === undefined) throw new UsageError(timeScaleRefused(values["time-scale"]));
    const other = await runningCloud();
    if (other !== undefined) {
      throw new AlreadyRunning(
        `A local cloud is up already at ${other.endpoint} (process ${other.pid}). Use it, or end it first.`,
      );
    }
    const graph = await renderProgram({ root, stage: values.stage });
    const dataDirectory = path.join(stateDirectory, "dev");
    // What an earlier cloud left belongs to objects that nobody knows any more.
    rmSync(dataDirectory, { recursive: true, force: true });
    const cloud = await bootCloud(graph, {
      root,
      port,
      dataDirectory,
      schedules: "run",
      keepExecutions: values.keep,
      ...(timeScale === 1 ? {} : { clock: fastClock(timeScale) }),
    });
    const description = describeCloud(graph, cloud.endpoint, cloud);
    announce(description);
    console.log(greeting(description));
    for (const missing of cloud.notBuilt) console.log(colors.yellow(`not built here: ${missing}`));
    report(cloud);
    await endOfSession();
    console.log("\nending…");
    withdraw();
    await cloud.close();
    return 0;
  });
}

function greeting(cloud: CloudDescription): string {
  const aws = `aws --endpoint-url ${cloud.endpoint}`;
  const bucket = typeof cloud.outputs.raw === "string" ? cloud.outputs.raw : (cloud.buckets[0] ?? "BUCKET");
  const machine = Object.values(cloud.machines)[0] ?? "ARN";
  const list = (names: readonly string[]) => names.map((name) => `  ${name}`).join("\n");
  return [
    `${colors.bold(`${cloud.app} · stage ${cloud.stage} · local cloud`)}`,
    `endpoint  ${colors.green(cloud.endpoint)}  (every service; any credentials; region ${cloud.region})`,
    ...Object.entries(cloud.apis).map(
      ([name, url]) =>
        `${name}  ${colors.green(url)}  (its description: ${url}/openapi.json; a token: npx penstock token)`,
    ),
    ...Object.entries(cloud.distributions).map(
      ([name, url]) => `${name}  ${colors.green(url)}  (CloudFront's stand-in: what a distribution serves)`,
    ),
    `youtube  ${colors.green(cloud.youtube)}  (a stand-in that makes its answers up)`,
    `buckets\n${list(cloud.buckets)}`,
    `state machines\n${list(Object.values(cloud.machines))}`,
    `functions\n${list(Object.keys(cloud.functions))}`,
    "for the AWS CLI and the SDKs\n" +
      `  export AWS_ENDPOINT_URL=${cloud.endpoint} AWS_REGION=${cloud.region} AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local\n` +
      // TestState and StartSyncExecution go to `sync-<host>`, which no loopback has.
      "  export AWS_DISABLE_HOST_PREFIX_INJECTION=true  (in JavaScript: disableHostPrefix)",
    "try\n" +
      `  ${aws} s3 cp orders.parquet s3://${bucket}/ecommerce/orders-raw/year=2026/month=1/day=1/orders.parquet\n` +
      `  ${aws} s3 ls --recursive s3://${bucket}\n` +
      `  ${aws} stepfunctions list-executions --state-machine-arn ${machine}\n` +
      "  npx penstock run reconcile --wait\n" +
      "  npx penstock executions",
    "Ctrl-C ends it.",
  ].join("\n\n");
}

const statusColors: Readonly<Record<string, (text: string) => string>> = {
  SUCCEEDED: colors.green,
  RUNNING: colors.cyan,
};

/** Prints what happens, a line each. */
function report(cloud: Cloud): void {
  const line = (text: string) =>
    console.log(`${colors.dim(new Date().toISOString().slice(11, 19))}  ${text}`);
  cloud.on("execution", ({ stateMachineArn, name, status, error, cause }) => {
    const machine = stateMachineArn.slice(stateMachineArn.lastIndexOf(":") + 1);
    const why = error === null ? "" : `  ${error}: ${(cause ?? "").slice(0, 200)}`;
    line(`${(statusColors[status] ?? colors.red)(status.padEnd(9))}  ${machine}  ${name}${why}`);
  });
  cloud.on("notice", ({ topicArn, subject, message }) => {
    line(
      `${colors.yellow("NOTICE   ")}  ${topicArn.slice(topicArn.lastIndexOf(":") + 1)}  ${subject ?? message.slice(0, 200)}`,
    );
  });
  cloud.on("lost", ({ rule, target, reason }) =>
    line(`${colors.red("LOST     ")}  ${rule} → ${target}  ${reason}`),
  );
}

/** Settles when the user or the system asks the process to end. */
function endOfSession(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
  });
}
