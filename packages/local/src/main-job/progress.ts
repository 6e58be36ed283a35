import * as v from "valibot";
import type { Cloud } from "../cloud/index.ts";
import type { Screen } from "./screen.ts";

/** What is going on, told as it happens: a live block on a terminal, a line every few seconds elsewhere. */
export interface Progress {
  expectUploads(count: number): void;
  uploaded(): void;
  /** Names what is being done now. */
  phase(name: string): void;
  /** Draws the state of things as it is now. */
  draw(): void;
  stop(): void;
}

/** Milliseconds between two drawings of the live block, and between two plain lines. */
const liveInterval = 150;
const plainInterval = 5000;

const Entered = v.object({ name: v.string() });
const Refined = v.object({ rows_in: v.number() });

/** Follows the cloud's executions and says how far they are. */
export function followProgress(cloud: Cloud, screen: Screen, began: number): Progress {
  const statuses = new Map<string, string>();
  const states = new Map<string, string>();
  const uploads = { expected: 0, done: 0 };
  let rows = 0;
  let now = "";
  let lastPlain = "";

  cloud.on("execution", ({ executionArn, status, output }) => {
    statuses.set(executionArn, status);
    if (status !== "RUNNING") states.delete(executionArn);
    const refined = v.safeParse(Refined, output === null ? null : JSON.parse(output));
    if (status === "SUCCEEDED" && refined.success) rows += refined.output.rows_in;
  });
  cloud.on("history", (executionArn, { type, details }) => {
    if (!type.endsWith("StateEntered")) return;
    const entered = v.safeParse(Entered, details);
    if (entered.success) states.set(executionArn, entered.output.name);
  });

  const seconds = (): string => `${((Date.now() - began) / 1000).toFixed(0)} s`;
  const uploadsText = (): string =>
    uploads.expected === 0
      ? "nothing uploaded yet"
      : `${uploads.done} of ${uploads.expected} objects uploaded`;
  const draw = (): void => {
    screen.block([
      `${now} · ${seconds()} · ${uploadsText()}`,
      `  executions  ${tally(statuses.values()) || "none yet"}`,
      `  states      ${tally(states.values()) || "at rest"}`,
      `  rows        ${rows} refined`,
    ]);
  };
  const say = (): void => {
    const text = `${now}: ${uploadsText()}, executions ${tally(statuses.values()) || "none yet"}, ${rows} rows refined`;
    if (text !== lastPlain) screen.line(`${seconds().padStart(5)}  ${text}`);
    lastPlain = text;
  };
  const timer = screen.live ? setInterval(draw, liveInterval) : setInterval(say, plainInterval);
  return {
    expectUploads(count) {
      uploads.expected = count;
    },
    uploaded() {
      uploads.done++;
    },
    phase(name) {
      now = name;
      if (screen.live) draw();
      else say();
    },
    draw,
    stop() {
      clearInterval(timer);
      screen.clear();
    },
  };
}

/** `RUNNING 3 · SUCCEEDED 41`: how often each word occurs, the most frequent first. */
function tally(words: Iterable<string>): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([word, count]) => `${word.toLowerCase() === word ? word : titled(word)} ${count}`)
    .join(" · ");
}

/** Statuses in small letters; names of states as they are. */
function titled(word: string): string {
  return word === word.toUpperCase() ? word.toLowerCase().replaceAll("_", " ") : word;
}
