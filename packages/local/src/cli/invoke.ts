import { parseArgs } from "node:util";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import * as v from "valibot";
import { bootCloud, type CloudDescription, describeCloud } from "../cloud/index.ts";
import { renderProgram } from "../render/index.ts";
import { readJsonFile } from "./json-file.ts";
import { root, runningCloud } from "./running-cloud.ts";
import { exitCodeOf, UsageError } from "./usage.ts";

const usage = `penstock invoke <Function> --event FILE

Runs one task as Lambda would: in the local cloud that \`penstock dev\` runs, or in one booted for this call.
  --event FILE   the event as JSON; - reads it from the standard input
Prints the result as JSON; what the task printed goes to the standard error. A task that fails is exit code 1.`;

/** There is no such function in the program. */
class UnknownFunction extends Error {
  override readonly name = "UnknownFunction";
  constructor(name: string, cloud: CloudDescription) {
    super(`There is no function "${name}". There are: ${Object.keys(cloud.functions).join(", ") || "none"}.`);
  }
}

const Failure = v.object({ errorType: v.string(), errorMessage: v.string() });

/** Invokes a function by its logical or its full name. @returns the exit code */
async function invoke(cloud: CloudDescription, name: string, event: string): Promise<number> {
  const functionName = cloud.functions[name] ?? Object.values(cloud.functions).find((each) => each === name);
  if (functionName === undefined) throw new UnknownFunction(name, cloud);
  const client = new LambdaClient({
    endpoint: cloud.endpoint,
    region: cloud.region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  });
  try {
    const command = new InvokeCommand({ FunctionName: functionName, Payload: event, LogType: "Tail" });
    const { Payload, FunctionError, LogResult } = await client.send(command);
    if (LogResult !== undefined) process.stderr.write(Buffer.from(LogResult, "base64"));
    const payload = Buffer.from(Payload ?? []).toString("utf8");
    if (FunctionError === undefined) {
      console.log(JSON.stringify(JSON.parse(payload), null, 2));
      return 0;
    }
    const { errorType, errorMessage } = v.parse(Failure, JSON.parse(payload));
    console.error(`${errorType}: ${errorMessage}`);
    return 1;
  } finally {
    client.destroy();
  }
}

/** `penstock invoke`. @returns the exit code: 0, 1 when the task fails or cannot be run, 2 for wrong arguments */
export function invokeCommand(args: string[]): Promise<number> {
  return exitCodeOf(usage, async () => {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { event: { type: "string" }, help: { type: "boolean", default: false } },
    });
    if (values.help) {
      console.log(usage);
      return 0;
    }
    const [name, ...more] = positionals;
    if (name === undefined || more.length > 0) throw new UsageError("Name one function.");
    if (values.event === undefined) throw new UsageError("The event is missing: --event FILE.");
    const event = await readJsonFile("event", values.event);
    const running = await runningCloud();
    if (running !== undefined) return invoke(running, name, event);
    const graph = await renderProgram({ root, stage: "local" });
    const cloud = await bootCloud(graph, { root });
    console.error("No local cloud is running: booted one with empty buckets for this call.");
    const interrupted = () => void cloud.close().then(() => process.exit(130));
    process.once("SIGINT", interrupted);
    try {
      return await invoke(describeCloud(graph, cloud.endpoint, cloud), name, event);
    } finally {
      process.off("SIGINT", interrupted);
      await cloud.close();
    }
  });
}
