import {
  campaignState,
  fingerprint,
  type NormalisedRequest,
  newCampaign,
  normalisedRequest,
  type Campaigns as StoredCampaigns,
  type StoredPointer,
} from "@penstock/campaign/requests";
import {
  type Caller,
  type CampaignId,
  type CampaignInput,
  type CampaignState,
  type CorrelationId,
  campaignUrl,
  keyOwner,
} from "@penstock/contracts";
import type { StoreUse } from "../cache-control.ts";
import type { MayWait, TakePermit } from "../limits/permits.ts";
import { Problem, RETRY_AFTER } from "../problem.ts";
import type { CampaignReply, Campaigns } from "./campaigns.ts";
import { type PicturePorts, type ProductPicture, productPicture } from "./product-picture.ts";
import {
  BEGINNING,
  campaignNow,
  type ExecutionEnd,
  type FoundCampaign,
  lookedUp,
  seldom,
  type WaitPorts,
  waitForCampaign,
} from "./wait-for-campaign.ts";

export interface CampaignsPorts extends PicturePorts {
  readonly campaigns: StoredCampaigns;
  readonly uploadsBucket: string;
  readonly take: TakePermit<"campaign" | "judge">;
  readonly mayWait: MayWait;
  /** Starts the machine. */
  readonly start: (name: CorrelationId, input: CampaignInput) => Promise<void>;
  readonly execution: (name: CorrelationId) => Promise<ExecutionEnd>;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** The model that writes campaigns: of another one no answer is kept. */
  readonly modelId: string;
  /** Longest that somebody waits for an answer. */
  readonly waitSeconds: number;
  /** How long an answer is kept for equal requests. */
  readonly storeHours: number;
}

/** Campaigns over tables, a bucket and the state machine. */
export function callerCampaigns(ports: CampaignsPorts): Campaigns {
  const { campaigns, take, mayWait, start, modelId, waitSeconds, storeHours, newId, now } = ports;
  const clock = () => now().getTime();
  const execution = seldom(ports.execution, clock);
  const waiting = ({ subject }: Caller): WaitPorts => ({
    find: (id) => campaigns.find(subject, id),
    execution,
    now: clock,
    sleep: ports.sleep,
  });

  function replyOf({ record, interrupted }: FoundCampaign, kept: boolean): CampaignReply {
    const state = campaignState(record);
    if (interrupted || state.status === "failed") throw notMade(state, interrupted);
    if (state.status === "running") return { running: state };
    if (!kept) return { made: state };
    const age = Math.max(0, Math.floor((clock() - Date.parse(state.generated_at)) / 1000));
    return { made: state, kept: { age, lifetime: storeHours * 60 * 60 } };
  }

  /** The campaign of an equal request, once it is made; undefined where it is too old, or came to nothing. */
  async function known(
    caller: Caller,
    { product_id, at }: StoredPointer,
    maxAge: StoreUse["maxAge"],
    until: number,
  ): Promise<CampaignReply | undefined> {
    const record = await campaigns.find(caller.subject, product_id);
    // Whoever wrote the pointer came no further.
    if (record === undefined && clock() - at > BEGINNING) return undefined;
    const waits = record?.status === "completed" || record?.status === "failed" || (await mayWait(caller));
    const looks = waiting(caller);
    const found = await (waits ? waitForCampaign : campaignNow)(looks, product_id, until);
    // It may still be written: another one would be paid too.
    if (found === undefined && clock() - at < BEGINNING)
      throw new Problem("unavailable", "An equal request is about to begin. Ask again in some seconds.", {
        headers: { "retry-after": RETRY_AFTER },
      });
    if (found === undefined || found.interrupted || found.record.status === "failed") return undefined;
    const reply = replyOf(found, true);
    const old = "made" in reply && typeof maxAge === "number" && (reply.kept?.age ?? 0) > maxAge;
    return old ? undefined : reply;
  }

  async function begin(
    caller: Caller,
    request: NormalisedRequest,
    picture: ProductPicture,
    print: string,
    id: CampaignId,
  ): Promise<void> {
    const { record, input } = newCampaign({
      subject: caller.subject,
      owner: keyOwner(caller),
      request,
      image: { bucket: ports.uploadsBucket, key: await picture.key() },
      fingerprint: print,
      id,
      correlation: newId(),
      at: now(),
    });
    await campaigns.create(record);
    await start(record.correlation_id, input);
  }

  return {
    async make({ caller, request, store: { maxAge, keep }, arrivedAt }) {
      const until = arrivedAt + waitSeconds * 1000;
      const { subject } = caller;
      const asked = normalisedRequest(request);
      const picture = await productPicture(ports, caller, request.image);
      const print = fingerprint(subject, asked, picture.identity, modelId);
      const pointer = keep ? await campaigns.stored(subject, print) : undefined;
      if (pointer !== undefined && maxAge !== false) {
        const reply = await known(caller, pointer, maxAge, until);
        if (reply !== undefined) return reply;
      }
      const id = newId();
      // Before all that is written: of two equal requests at once the second finds the first here, and waits for it.
      let first = keep && (await campaigns.remember(subject, print, id, pointer?.product_id));
      if (keep && !first) {
        const other = await campaigns.stored(subject, print);
        const reply = other && (await known(caller, other, undefined, until));
        if (reply !== undefined) return reply;
        first = await campaigns.remember(subject, print, id, other?.product_id);
      }
      try {
        // Of those that wait for another's, none takes it.
        await take("campaign", caller);
      } catch (error) {
        if (first) await campaigns.forget(subject, print, id);
        throw error;
      }
      await begin(caller, asked, picture, print, id);
      const found = await waitForCampaign(waiting(caller), id, until);
      if (found === undefined)
        throw new Problem("unavailable", `The campaign has no record. Ask again: GET ${campaignUrl(id)}.`, {
          headers: { "retry-after": RETRY_AFTER },
        });
      return replyOf(found, first);
    },

    async show(caller, id) {
      const record = await campaigns.find(caller.subject, id);
      if (record === undefined)
        throw new Problem("not-found", "There is no campaign of this id that you asked for.");
      const found = await lookedUp(waiting(caller), record);
      const state = campaignState(found.record);
      if (!found.interrupted) return state;
      const { campaign_id, correlation_id } = state;
      return { campaign_id, correlation_id, status: "failed", reason: "interrupted" };
    },
  };
}

/** What to say of a campaign that did not come to its end. */
function notMade(state: CampaignState, interrupted: boolean): Problem {
  const { campaign_id, correlation_id } = state;
  const headers = { "x-correlation-id": correlation_id };
  if (!interrupted && state.status === "failed" && state.reason === "image_unreadable") {
    const detail = "The picture cannot be used (image_unreadable): it cannot be decoded. Give another.";
    return new Problem("unusable-image", detail, {
      headers,
      fields: [{ field: "image", detail: "image_unreadable" }],
    });
  }
  const detail = `The campaign ${campaign_id} did not come to its end. Ask for it later at ${campaignUrl(campaign_id)}, or ask for a new one.`;
  return new Problem("unavailable", detail, {
    headers: { ...headers, "retry-after": RETRY_AFTER },
  });
}
