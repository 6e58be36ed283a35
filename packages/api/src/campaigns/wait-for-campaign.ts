import type { CampaignId, CorrelationId, ProductRecord } from "@penstock/contracts";
import { Throttled, UpstreamUnavailable } from "@penstock/runtime/errors";

/** How an execution stands: `missing` for one that was never started. */
export type ExecutionEnd = "running" | "succeeded" | "interrupted" | "missing";

export interface WaitPorts {
  /** A caller's record as it is now. */
  readonly find: (id: CampaignId) => Promise<ProductRecord | undefined>;
  readonly execution: (name: CorrelationId) => Promise<ExecutionEnd>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
}

/** How long between two looks at the record, in milliseconds. */
const RECORD_EVERY = 400;
/** The same of the execution: so many questions a second are the whole account's. */
const EXECUTION_EVERY = 5000;
/** How long a record may lack its execution, and a pointer its record: they are written one after the other. */
export const BEGINNING = 10_000;

/** Executions whose last answer is kept, of one process. */
const MOST_KEPT = 1000;

/**
 * The same question with its answers kept as long as two questions of one who waits lie apart: who looks again and again is
 * told the same, since the quota is shared. An execution that is missing may begin at any moment: that is not kept.
 */
export function seldom(execution: WaitPorts["execution"], now: WaitPorts["now"]): WaitPorts["execution"] {
  const kept = new Map<CorrelationId, { readonly at: number; readonly end: ExecutionEnd }>();
  return async (name) => {
    const at = now();
    const known = kept.get(name);
    if (known !== undefined && at - known.at < EXECUTION_EVERY) return known.end;
    const end = await execution(name);
    kept.delete(name);
    if (end !== "missing") kept.set(name, { at, end });
    const [oldest] = kept.keys();
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    return end;
  };
}

/** A campaign by its record, and `interrupted` where its execution ended without it. */
export interface FoundCampaign {
  readonly record: ProductRecord;
  readonly interrupted: boolean;
}

/**
 * How a campaign stands that its record calls running: whether somebody is still at it. Where nobody says, somebody is: the record
 * tells sooner or later, and the quota of those questions is shared with everything else.
 */
export async function lookedUp(ports: WaitPorts, record: ProductRecord): Promise<FoundCampaign> {
  if (record.status !== "running") return { record, interrupted: false };
  const end = await ports.execution(record.correlation_id).catch((error: unknown): ExecutionEnd => {
    if (error instanceof Throttled || error instanceof UpstreamUnavailable) return "running";
    throw error;
  });
  if (end === "running") return { record, interrupted: false };
  if (end === "missing") {
    const age = ports.now() - Date.parse(record.upload_timestamp);
    return { record, interrupted: age > BEGINNING };
  }
  // It may have ended between the two looks.
  const last = (await ports.find(record.product_id)) ?? record;
  return { record: last, interrupted: last.status === "running" };
}

/**
 * Waits until a campaign is at its end, or the time is up.
 * @param until in milliseconds since the epoch
 * @returns undefined where there is no record of it
 */
export async function waitForCampaign(
  ports: WaitPorts,
  id: CampaignId,
  until: number,
): Promise<FoundCampaign | undefined> {
  let asked = ports.now();
  for (;;) {
    const record = await ports.find(id);
    const now = ports.now();
    if (record !== undefined && record.status !== "running") return { record, interrupted: false };
    if (record !== undefined && now - asked >= EXECUTION_EVERY) {
      asked = now;
      const found = await lookedUp(ports, record);
      if (found.interrupted || found.record.status !== "running") return found;
    }
    if (now + RECORD_EVERY >= until) return record && { record, interrupted: false };
    if (record === undefined && now - asked >= BEGINNING) return undefined;
    await ports.sleep(RECORD_EVERY);
  }
}

/**
 * How a campaign stands now, for who may not wait for its end. Only its record is waited for, while it may still be written: taken
 * for one that came to nothing, it would be made, and paid, twice.
 * @param until in milliseconds since the epoch
 * @returns undefined where there is no record of it
 */
export async function campaignNow(
  ports: WaitPorts,
  id: CampaignId,
  until: number,
): Promise<FoundCampaign | undefined> {
  const asked = ports.now();
  for (;;) {
    const record = await ports.find(id);
    if (record !== undefined) return lookedUp(ports, record);
    const now = ports.now();
    if (now - asked >= BEGINNING || now + RECORD_EVERY >= until) return undefined;
    await ports.sleep(RECORD_EVERY);
  }
}
