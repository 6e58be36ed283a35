import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { eventually } from "./clients.ts";
import { root } from "./small-graph.ts";

/** A process that boots a cloud with one sandbox waiting and one stuck in a loop, and prints their ids. */
const program = `
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { bootCloud } from "${root}/packages/local/src/cloud/index.ts";
import { clientsOf, eventually } from "${root}/test/local/clients.ts";
import { graphOf, lambda } from "${root}/test/local/small-graph.ts";
const functions = [lambda("Hang", "hang", { timeoutSeconds: 600 }), lambda("Sleep", "sleep")];
const cloud = await bootCloud(graphOf([], functions), { root: "${root}" });
const { lambda: client } = clientsOf(cloud.endpoint);
client.send(new InvokeCommand({ FunctionName: "Sleep", Payload: '{"ms":600000}' }));
client.send(new InvokeCommand({ FunctionName: "Hang" }));
const pids = await eventually(() => {
  const started = ["Hang", "Sleep"].every((name) => cloud.log(name).includes("START"));
  return started && cloud.sandboxPids().length === 2 ? cloud.sandboxPids() : undefined;
});
// Long enough for the loop to have begun.
setTimeout(() => console.log(JSON.stringify(pids)), 1500);
`;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test.each(["SIGKILL", "SIGINT", "SIGTERM"] as const)(
  "no sandbox outlives a cloud that ends by %s, not even one stuck in a loop",
  async (signal) => {
    const directory = mkdtempSync(join(root, "test/local/.process-end-"));
    const file = join(directory, "program.ts");
    writeFileSync(file, program);
    const cloud = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "inherit"] });
    const line = await new Promise<string>((resolve, reject) => {
      createInterface(cloud.stdout).once("line", resolve);
      cloud.once("exit", (code) => reject(new Error(`The cloud ended by itself with ${code}.`)));
    });
    rmSync(directory, { recursive: true });
    const pids: number[] = JSON.parse(line);
    expect(pids.map(isAlive)).toEqual([true, true]);

    cloud.kill(signal);

    await eventually(() => (pids.some(isAlive) ? undefined : true));
  },
);
