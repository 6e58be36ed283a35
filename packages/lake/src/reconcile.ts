import path from "node:path";
import { type Contract, contracts } from "@penstock/contracts";
import { type S3Uri, s3Uri, workDirectory } from "@penstock/runtime";
import * as v from "valibot";
import { auditKey } from "./object-keys.ts";
import type { LakePorts } from "./ports.ts";
import { type Effect, type Judgement, judgeTable } from "./reconcile-table.ts";
import { applyEffect } from "./reconcile-write.ts";
import { takeSnapshot } from "./snapshot.ts";
import { parentsFirst } from "./table-graph.ts";
import { writeViolations } from "./violations.ts";

/** A pass looks at all that has landed; it only needs a name. */
export const ReconcileInput = v.strictObject({ run_id: v.pipe(v.string(), v.minLength(1)) });
export type ReconcileInput = v.InferOutput<typeof ReconcileInput>;

/** What a pass did, over all tables. */
export interface ReconcileSummary {
  /** Rows that left pending because their parents have landed. */
  readonly released: number;
  /** Rows that gave way to a later row of their key in another object. */
  readonly duplicates: number;
  /** Rows that waited longer than `pendingDays` and are in quarantine now. */
  readonly expired: number;
  /** Orders on the list of those that break a rule over several tables, by order and rule. */
  readonly violations: number;
  /** Objects that another execution held or changed: whoever did causes another pass. */
  readonly skipped: number;
  /** Objects that were rewritten; 0 when the lake was in agreement already. */
  readonly changed: number;
  /** Rows that still wait. */
  readonly pending: number;
  readonly audit: S3Uri;
}

const DAY_MS = 24 * 3600 * 1000;

/**
 * Brings the tables into agreement, as one pass of a pure function of the objects that have landed and of the day:
 * releases pending rows whose parents are curated, parents first; deduplicates keys across objects, the latest row
 * wherever it lies; quarantines what waited too long; lists the orders that break a rule over several tables.
 *
 * Writes only objects that change, so the events that a pass causes die out. What it finds busy or changed it leaves
 * to the next pass. Safe to repeat after a crash at any point.
 */
export async function reconcile({ run_id }: ReconcileInput, ports: LakePorts): Promise<ReconcileSummary> {
  const started = ports.now();
  const { store, settings } = ports;
  const expireBefore = new Date(started.getTime() - settings.pendingDays * DAY_MS);
  await using work = await workDirectory();
  await using session = await ports.openSession(path.join(work.path, "spill"));
  const snapshot = await takeSnapshot(ports, path.join(work.path, "landed"));

  const effects: TableEffect[] = [];
  const judgements = new Map<string, Judgement>();
  for (const contract of parentsFirst(Object.values(contracts))) {
    const judged = await judgeTable(session, contract, snapshot.get(contract.name) ?? [], expireBefore);
    judgements.set(contract.name, judged);
    effects.push(...judged.effects.map((effect) => ({ contract, effect, contested: judged.contested })));
  }

  const done: TableEffect[] = [];
  const skipped = new Set<string>();
  const name = (contract: Contract, number: number) => `${contract.name}/${number}`;
  for (const one of [...effects.filter(gains), ...effects.filter((effect) => !gains(effect))]) {
    const { contract, effect, contested } = one;
    const { number } = effect.landed;
    // A row only gives way to a later one that is in place: not to one of an object that had to be skipped.
    const waits = effect.losesTo.some((winner) => skipped.has(name(contract, winner)));
    const folder = path.join(work.path, "new", contract.name, String(number));
    const applied =
      !waits && (await applyEffect(session, contract, effect, ports, { owner: run_id, folder, contested }));
    if (applied) done.push(one);
    else skipped.add(name(contract, number));
  }
  const violations = await writeViolations(session, ports, { folder: work.path, judgements });

  const sum = (of: readonly TableEffect[], field: "released" | "duplicates" | "expired") =>
    of.reduce((total, { effect }) => total + effect[field], 0);
  const summary = {
    released: sum(done, "released"),
    duplicates: sum(done, "duplicates"),
    expired: sum(done, "expired"),
    violations: violations.count,
    skipped: skipped.size,
    changed: done.length,
    pending: [...judgements.values()].reduce((total, { pending }) => total + pending, 0),
    audit: s3Uri(settings.audit, auditKey("reconcile", run_id)),
  };
  await store.putJson(summary.audit, {
    run_id,
    workflow: "reconcile",
    started_at: started.toISOString(),
    finished_at: ports.now().toISOString(),
    expire_before: expireBefore.toISOString(),
    ...summary,
    violations_changed: violations.changed,
    objects: done.map(({ contract, effect }) => {
      const { released, duplicates, expired, gained, lost, landed } = effect;
      return {
        table: contract.name,
        object: landed.object.rest,
        released,
        duplicates,
        expired,
        gained,
        lost,
      };
    }),
  });
  return summary;
}

interface TableEffect {
  readonly contract: Contract;
  readonly effect: Effect;
  readonly contested: boolean;
}

function gains({ effect }: TableEffect): boolean {
  return effect.gained > 0;
}
