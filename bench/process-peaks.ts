import { readdir, readFile } from "node:fs/promises";

/** The most resident memory of a process, MB, and what it was. */
export interface ProcessPeak {
  readonly pid: number;
  readonly name: string;
  readonly peakMb: number;
}

const INTERVAL_MS = 200;

/**
 * Watches a process and all that it starts, until `stop`: the kernel keeps the high-water mark of each, so nothing between
 * two looks is missed but processes that live no longer than one.
 */
export function watchProcesses(root: number): { stop(): Promise<readonly ProcessPeak[]> } {
  const peaks = new Map<number, ProcessPeak>();
  let looking = Promise.resolve();
  const timer = setInterval(() => {
    looking = looking.then(() => look(root, peaks));
  }, INTERVAL_MS);
  return {
    async stop() {
      clearInterval(timer);
      await looking;
      return [...peaks.values()].toSorted((a, b) => b.peakMb - a.peakMb);
    },
  };
}

async function look(root: number, peaks: Map<number, ProcessPeak>): Promise<void> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map(status));
  const children = Map.groupBy(
    found.filter((one) => one !== undefined),
    ({ parent }) => parent,
  );
  const all = found.filter((one) => one?.pid === root);
  for (const one of all) if (one !== undefined) all.push(...(children.get(one.pid) ?? []));
  for (const one of all) {
    if (one === undefined) continue;
    const name = peaks.get(one.pid)?.name ?? (await nameOf(one.pid, root));
    peaks.set(one.pid, { pid: one.pid, name, peakMb: one.peakMb });
  }
}

/** Undefined for a process that is gone. */
async function status(pid: number) {
  const text = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const parent = /^PPid:\s+(\d+)/m.exec(text)?.[1];
  const peak = /^VmHWM:\s+(\d+) kB/m.exec(text)?.[1];
  return parent === undefined || peak === undefined
    ? undefined
    : { pid, parent: Number(parent), peakMb: Number(peak) / 1024 };
}

/** A function by its name; else the program that the process runs. */
async function nameOf(pid: number, root: number): Promise<string> {
  if (pid === root) return "the cloud: S3, DynamoDB, Step Functions";
  const read = (file: string) =>
    readFile(`/proc/${pid}/${file}`, "utf8").then(
      (content) => content.split("\0"),
      () => [],
    );
  const own = (await read("environ")).find((each) => each.startsWith("AWS_LAMBDA_FUNCTION_NAME="));
  if (own !== undefined) return own.slice(own.indexOf("=") + 1);
  const [command = "?", ...args] = await read("cmdline");
  const program = args.find((argument) => /[.][cm]?[jt]s$/.test(argument)) ?? command;
  return program.slice(program.lastIndexOf("/") + 1);
}
