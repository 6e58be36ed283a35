import { systems } from "@penstock/contracts";
import * as v from "valibot";
import type { Account } from "../account.ts";
import { type Check, check } from "../balance.ts";
import type { ExecutionFacts } from "../executions.ts";
import type { Prod } from "./prod.ts";

const Outcome = v.object({ status: v.string(), failed: v.optional(v.array(v.string()), []) });

/** How an execution of `curated-to-prod` ended. */
export interface ProdRun {
  readonly name: string;
  /** As its output says: `SUCCEEDED`, `PARTIAL`, `SUPERSEDED`, `COALESCED`; its status where it has none. */
  readonly outcome: string;
  /** The branches that did not publish. */
  readonly failed: readonly string[];
}

/** The executions of `curated-to-prod` among all. */
export function prodRuns(executions: readonly ExecutionFacts[]): ProdRun[] {
  return executions
    .filter(({ workflow }) => workflow === "curated-to-prod")
    .map(({ name, status, output }) => {
      const said = v.safeParse(Outcome, output === undefined ? undefined : JSON.parse(output));
      return said.success
        ? { name, outcome: said.output.status, failed: said.output.failed }
        : { name, outcome: status, failed: [] };
    });
}

/** What is curated, as it was counted in the objects. */
type Counted = Pick<Account, "curated" | "curatedKeys" | "violations">;

/** What must hold of prod at the end of a run, by the objects that are there. */
export function prodChecks(prod: Prod, account: Counted, runs: readonly ProdRun[]): Check[] {
  return [branches(runs), pointers(prod), curatedRows(prod, account), sales(prod, account), answered(prod)];
}

function answered({ asked }: Prod): Check {
  return check(
    "the copilot answers",
    asked === undefined ? ["it was not asked"] : "refused" in asked ? [asked.refused] : [],
    asked !== undefined && "answer" in asked ? `${asked.answer.rows.length} rows to "${asked.question}"` : "",
  );
}

function branches(runs: readonly ProdRun[]): Check {
  const built = runs.filter(({ outcome }) => outcome === "SUCCEEDED").length;
  const faults = runs
    .filter(({ outcome }) => !["SUCCEEDED", "SUPERSEDED", "COALESCED"].includes(outcome))
    .map(({ name, outcome, failed }) =>
      [name, "ended", outcome, ...(failed.length > 0 ? ["without", failed.join(", ")] : [])].join(" "),
    );
  return check(
    "no failed branch",
    built + faults.length === 0 ? ["curated-to-prod built nothing"] : faults,
    `of ${runs.length} executions of curated-to-prod ${built} built, the others left it to them`,
  );
}

function pointers({ marts, systems: found, unreadable }: Prod): Check {
  const missing = Object.keys(systems).filter((name) => !found.some(({ system }) => system === name));
  const behind = found.filter(({ build }) => marts !== undefined && build !== marts.build);
  const partial = found.flatMap(({ system, reports }) =>
    Object.keys(Object.entries(systems).find(([name]) => name === system)?.[1].reports ?? {})
      .filter((report) => reports[report] === undefined)
      .map((report) => `${system} has no ${report}`),
  );
  return check(
    "five systems are current",
    [
      ...(marts === undefined ? ["no build of the marts is current"] : []),
      ...missing.map((name) => `${name} has no build`),
      ...behind.map(({ system, build }) => `${system} is at ${build}`),
      ...partial,
      ...unreadable,
    ],
    `all with the marts at ${marts?.build ?? "no build"}`,
  );
}

function curatedRows({ marts }: Prod, account: Counted): Check {
  const curated = [...account.curated.values()].reduce((sum, rows) => sum + rows, 0);
  const read = marts?.curated_rows ?? 0;
  return check(
    "prod is of the last rows",
    read === curated ? [] : [`the build read ${read} curated rows, ${curated} are there`],
    `the build read all ${curated} curated rows`,
  );
}

/** Every curated line of an order that breaks no rule over several tables stands in `sales`, and nothing else. */
function sales({ soldLines }: Prod, { curatedKeys, violations }: Counted): Check {
  const leftOut = new Set([...violations].map((each) => each.slice(each.indexOf("/") + 1)));
  const lines = [...(curatedKeys.get("order_items") ?? [])];
  const due = lines.filter((key) => !leftOut.has(key.slice(0, key.lastIndexOf(" | "))));
  const lost = due.filter((key) => !soldLines.has(key));
  const foreign = soldLines.size - (due.length - lost.length);
  return check(
    "every curated sale is in prod",
    [
      ...lost.map((key) => `order_items ${key} is not`),
      ...(foreign > 0 ? [`${foreign} lines of sales are of no such row`] : []),
    ],
    `${soldLines.size} of ${lines.length} order lines; ${lines.length - due.length} are of orders that break a rule`,
  );
}
