import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { ApiPlaces } from "../../packages/local/src/main-job/call-api.ts";
import { eventually } from "./clients.ts";
import { root } from "./small-graph.ts";

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the tests read of `.penstock/local.json`. */
export interface Announced {
  readonly endpoint: string;
  readonly pid: number;
  readonly machines: Record<string, string>;
  readonly apis: Record<string, string>;
  readonly issuers: ApiPlaces["issuers"];
  readonly outputs: {
    readonly raw: string;
    readonly rawToCurated: string;
    readonly interactions: string;
    readonly featuresDatabase: string;
    readonly builds: string;
    readonly locks: string;
  };
}

/** The command line as a user has it: processes of their own, from another folder. */
export class CommandLine {
  /** Of these tests alone: a `penstock dev` of whoever runs them is not touched. */
  readonly directory = mkdtempSync(join(tmpdir(), "penstock-cli-"));

  start(args: readonly string[], extra: Readonly<Record<string, string>> = {}): ChildProcess {
    return spawn(process.execPath, [join(root, "packages/local/src/cli/penstock.ts"), ...args], {
      cwd: tmpdir(),
      env: { ...process.env, PENSTOCK_DIRECTORY: this.directory, NO_COLOR: "1", ...extra },
      stdio: ["pipe", "pipe", "pipe"],
    });
  }

  /** Runs a command to its end. */
  async run(
    args: readonly string[],
    { input = "", environment = {} }: { input?: string; environment?: Record<string, string> } = {},
  ): Promise<Ended> {
    const child = this.start(args, environment);
    let [stdout, stderr] = ["", ""];
    child.stdout?.setEncoding("utf8").on("data", (text) => {
      stdout += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });
    // A command that does not read its input may end before it has taken it.
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    return { code, stdout, stderr };
  }

  /** `penstock dev` on any port, once it says that it is up. */
  async dev(): Promise<{ process: ChildProcess; printed: string[]; announced: Announced }> {
    const dev = this.start(["dev", "--port", "0"]);
    const printed: string[] = [];
    createInterface({ input: dev.stdout ?? process.stdin }).on("line", (line) => printed.push(line));
    let errors = "";
    dev.stderr?.setEncoding("utf8").on("data", (text) => {
      errors += text;
    });
    await eventually(() => {
      if (dev.exitCode !== null) throw new Error(`penstock dev ended with ${dev.exitCode}: ${errors}`);
      return printed.includes("Ctrl-C ends it.") ? true : undefined;
    });
    const announced: Announced = JSON.parse(readFileSync(join(this.directory, "local.json"), "utf8"));
    return { process: dev, printed, announced };
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
