import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import type { Measured } from "./engine-measure.ts";
import type { Held } from "./engine-memory.ts";

const { values: options } = parseArgs({ options: { json: { type: "string" } } });

/** What the project promises. The heap may grow by what a garbage collection finds or does not find. */
const BARS = { chain: 20_000, growth_mb: 2 };
/** Rounds of the chain and the peer, in turns, so that a busy moment of the machine meets both; the median counts. */
const ROUNDS = 3;

const chains: Measured[] = [];
const peers: Measured[] = [];
for (let round = 1; round <= ROUNDS; round++) {
  chains.push(await run("engine-chain.ts", "transitions"));
  peers.push(await run("engine-peer.ts", "transitions"));
}
const [chain, peer] = [median(chains), median(peers)];
const expressions = await run("engine-expressions.ts", "transitions");
const choice = await run("engine-choice.ts", "turns");
const map = await run("engine-map.ts", "items");
const distributed = await run("engine-distributed.ts", "items");
const concurrent = await run("engine-concurrent.ts", "executions");
const held: Held = JSON.parse(await answerOf("engine-memory.ts"));
report();

async function answerOf(file: string): Promise<string> {
  const script = fileURLToPath(new URL(file, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script]);
  return stdout;
}

async function run(file: string, what: string): Promise<Measured> {
  const measured: Measured = JSON.parse(await answerOf(file));
  const [wall, cpu] = [perSecond(measured), cpuPerSecond(measured)].map(text);
  console.log(`  ${file.padEnd(22)} ${wall} ${what}/s, ${cpu} per second of processor time`);
  return measured;
}

function median(measured: readonly Measured[]): Measured {
  const [middle] = measured.toSorted((a, b) => a.ms - b.ms).slice(Math.floor(measured.length / 2));
  if (middle === undefined) throw new Error("nothing was measured");
  return middle;
}

function perSecond({ count, ms }: Measured): number {
  return Math.round((count / ms) * 1000);
}

function cpuPerSecond({ count, cpu_ms }: Measured): number {
  return Math.round((count / cpu_ms) * 1000);
}

function text(value: number): string {
  return value.toLocaleString("en").padStart(9);
}

function report(): void {
  const own = [...chains, expressions, choice, map, distributed, concurrent];
  const numbers = {
    chain_transitions_per_second: perSecond(chain),
    peer_transitions_per_second: perSecond(peer),
    map_items_per_second: perSecond(map),
    distributed_items_per_second: perSecond(distributed),
    /** A thousand executions of ten states. */
    concurrent_seconds: Math.round(concurrent.ms / (concurrent.count / 1000)) / 1000,
    peak_rss_mb: Math.round(Math.max(...own.map(({ rss_mb }) => rss_mb))),
  };
  const times =
    Math.round((10 * numbers.chain_transitions_per_second) / numbers.peer_transitions_per_second) / 10;
  const growth = Math.round((held.late_mb - held.early_mb) * 10) / 10;
  const { chain_transitions_per_second: ours, peer_transitions_per_second: theirs } = numbers;
  const lines: [string, number, string, ...[string, boolean][]][] = [
    ["chain of 1,000 Pass states", ours, "transitions/s", ["at least 20,000", ours >= BARS.chain]],
    [
      "the same on aws-local-stepfunctions",
      theirs,
      "transitions/s",
      [`slower; we run × ${times}`, times > 1],
    ],
    ["the same with an expression in each", perSecond(expressions), "transitions/s"],
    ["Choice loop of 10,000 turns", perSecond(choice), "turns/s"],
    ["inline Map of 10,000 items", numbers.map_items_per_second, "items/s"],
    ["Distributed Map of 100,000 items", numbers.distributed_items_per_second, "items/s"],
    ["1,000 executions of 10 states at once", numbers.concurrent_seconds, "s"],
    ["peak resident memory", numbers.peak_rss_mb, "MB"],
    ["heap grown from 2,000 executions to 20,000", growth, "MB", ["at most 2", growth <= BARS.growth_mb]],
  ];
  console.log("");
  for (const [name, value, unit, bar] of lines) {
    const verdict = bar === undefined ? "" : `   (bar: ${bar[0]}, ${bar[1] ? "met" : "NOT MET"})`;
    console.log(`${name.padEnd(44)} ${text(value)} ${unit}${verdict}`);
  }
  if (options.json !== undefined) void writeFile(options.json, `${JSON.stringify(numbers, null, 2)}\n`);
}
