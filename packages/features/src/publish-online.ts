import { featureTables, type OnlineItem } from "@penstock/contracts";
import { type Leases, ObjectBusy, type ObjectStore } from "@penstock/runtime";
import * as v from "valibot";
import { isLater } from "./feature-order.ts";
import { featureRows } from "./feature-rows.ts";
import type { OnlineMark } from "./online-mark.ts";
import type { OnlineGroup, OnlineStore } from "./online-store.ts";
import { readPlan } from "./read-plan.ts";
import type { FeaturesSettings } from "./settings.ts";
import { TakenBack } from "./taken-back.ts";
import type { PublishOnlineInput } from "./task-inputs.ts";

/** What publishing works with. */
export interface PublishPorts {
  readonly store: ObjectStore;
  readonly online: OnlineStore;
  readonly mark: OnlineMark;
  readonly leases: Leases;
  readonly settings: Pick<FeaturesSettings, "online">;
}

/** Rows that were looked at, and how many of them the online store did not have or had older. */
export interface Published {
  readonly rows: number;
  readonly written: number;
  /** Left as they are: this attempt has written them before, or later features are there. */
  readonly kept: number;
  /** Users and products that were taken out of the online store: they have no clean row any more. */
  readonly withdrawn: number;
}

/** The right to write features online; one run at a time has it. */
export const PUBLISHING = "features/online";

/** Items under way at once: what a worker holds in memory of a piece. */
const ITEMS = 2_500;

/**
 * Writes pieces of an attempt's features into the online store. An item goes where none is, or one of an earlier moment,
 * or one of the same moment by an attempt that was planned earlier: a redrive puts nothing old over what is newer. Items
 * are therefore looked up before they are written. Only the latest attempt that ever began may stop doing so: where all of
 * one piece had to be written, what follows it cannot be online yet as its own, and nothing later is. A lease keeps other
 * attempts from writing in between; its workers share it. It outlasts every worker, so that nobody writes without it.
 * DynamoDB has conditions for single writes only, at ten times the requests.
 *
 * @throws ObjectBusy while another attempt publishes, Throttled
 */
export async function publishOnline(
  { plan: uri, slices }: PublishOnlineInput,
  { store, online, mark, leases, settings }: PublishPorts,
): Promise<Published> {
  const plan = await readPlan(store, uri);
  const { attempt, as_of, looked_at: planned_at } = plan;
  if (!(await leases.acquire(PUBLISHING, attempt, settings.online.leaseSeconds)))
    throw new ObjectBusy("another run publishes its features; this one waits for its turn");
  const expires_at = Math.floor(Date.parse(plan.started_at) / 1000) + settings.online.days * 86_400;
  const published = { rows: 0, written: 0, kept: 0, withdrawn: 0 };
  const latest = await mark.raise({ as_of, planned_at, attempt });
  /** Those that are to go online. */
  const wantedOf = async (group: OnlineGroup, items: readonly OnlineItem[]) => {
    const there = await online.heads(
      group,
      items.map(({ id }) => id),
    );
    return items.filter(({ id }) => {
      const head = there.get(id);
      return head === undefined || isLater({ as_of, planned_at, attempt }, { ...head, attempt: head.run });
    });
  };
  for (const { group, gone, ...range } of joined(slices)) {
    if (gone === true) {
      published.withdrawn += await withdraw(group, range, plan, { store, online });
      continue;
    }
    const { key, version } = featureTables[group];
    const rows = await featureRows(featureTables[group], range, store);
    // Rows are written in their order: where none of some is this attempt's, none of those behind them is.
    let unseen = false;
    for (let at = 0; at < rows.length; at += ITEMS) {
      const items = rows.slice(at, at + ITEMS).map(
        ({ [key]: id, ...features }): OnlineItem => ({
          id: String(id),
          version,
          as_of,
          planned_at,
          run: attempt,
          expires_at,
          features,
        }),
      );
      const wanted: readonly OnlineItem[] = unseen ? items : await wantedOf(group, items);
      await online.put(group, wanted);
      published.rows += items.length;
      published.written += wanted.length;
      published.kept += items.length - wanted.length;
      unseen = latest && wanted.length === items.length;
    }
  }
  return published;
}

/**
 * Takes away what is online of those whose last clean row the run has taken back. Whoever planned later than the run knows
 * better; of which day its features are says nothing, since no day has a row.
 */
async function withdraw(
  group: OnlineGroup,
  { uri, start, end }: Pick<PublishOnlineInput["slices"][number], "uri" | "start" | "end">,
  { looked_at }: { readonly looked_at: string },
  { store, online }: Pick<PublishPorts, "store" | "online">,
): Promise<number> {
  const ids = v.parse(TakenBack, await store.getJson(uri))[group].slice(start, end);
  const heads = await online.heads(group, ids);
  const gone = [...heads.values()].filter(({ planned_at }) => Date.parse(planned_at) < Date.parse(looked_at));
  await online.remove(
    group,
    gone.map(({ id }) => id),
  );
  return gone.length;
}

/** Slices that follow each other in an object as one: a row group is decoded from its beginning for each range of it. */
function joined(slices: PublishOnlineInput["slices"]): PublishOnlineInput["slices"] {
  const ranges: PublishOnlineInput["slices"] = [];
  for (const slice of slices) {
    const last = ranges.at(-1);
    if (
      last !== undefined &&
      last.uri === slice.uri &&
      last.group === slice.group &&
      last.end === slice.start
    )
      last.end = slice.end;
    else ranges.push({ ...slice });
  }
  return ranges;
}
