import {
  type ExecutionOptions,
  type Machine,
  parseDefinition,
  startExecution,
} from "../packages/local/src/engine/index.ts";

/** What one way answers: a line of JSON on standard output. */
export interface Measured {
  /** Transitions, items or executions. */
  readonly count: number;
  readonly ms: number;
  /** Time of the processor, of all threads: what a busy machine does not lengthen. */
  readonly cpu_ms: number;
  readonly rss_mb: number;
}

export type States = Readonly<Record<string, unknown>>;

/** Runs `work` once to warm up and then `times`, and prints what it took. `count` is what one run does. */
export async function measure(count: number, times: number, work: () => Promise<unknown>): Promise<void> {
  await work();
  const before = process.cpuUsage();
  const began = performance.now();
  for (let run = 0; run < times; run++) await work();
  const ms = performance.now() - began;
  const { user, system } = process.cpuUsage(before);
  const rss_mb = process.resourceUsage().maxRSS / 1024;
  const measured: Measured = { count: count * times, ms, cpu_ms: (user + system) / 1000, rss_mb };
  console.log(JSON.stringify(measured));
}

/** Each in a state of its own: `make` gives the fields of the one with this number but `Next` and `End`. */
export function chain(length: number, make: (index: number) => States): States {
  const states = Array.from({ length }, (_, index) => {
    const onwards = index === length - 1 ? { End: true } : { Next: `S${index + 1}` };
    return [`S${index}`, { ...make(index), ...onwards }] as const;
  });
  return Object.fromEntries(states);
}

export function machine(states: States): Machine {
  return parseDefinition({ QueryLanguage: "JSONata", StartAt: Object.keys(states)[0], States: states });
}

const account = "us-east-1:000000000000";

/** Runs a machine to its end. @throws Error when it does not end well */
export async function execute(
  of: Machine,
  input: unknown,
  services: ExecutionOptions["services"] = { call: async () => ({}) },
): Promise<unknown> {
  const outcome = await startExecution(of, {
    arn: `arn:aws:states:${account}:execution:bench:run`,
    name: "run",
    machineArn: `arn:aws:states:${account}:stateMachine:bench`,
    roleArn: "arn:aws:iam::000000000000:role/bench",
    input,
    services,
    // AWS ends at 25,000 events; a bench may go on.
    maxEvents: Number.POSITIVE_INFINITY,
  }).result;
  if (outcome.status === "SUCCEEDED") return outcome.output;
  throw new Error(`The bench's machine ended ${outcome.status}: ${outcome.error}: ${outcome.cause}`);
}

/** @throws Error when a way did less than it should have */
export function same(found: unknown, wanted: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(wanted)) {
    throw new Error(`Found ${JSON.stringify(found)} where ${JSON.stringify(wanted)} should be`);
  }
}
