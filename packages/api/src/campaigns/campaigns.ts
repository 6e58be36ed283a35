import type {
  Caller,
  CampaignAnswer,
  CampaignFailed,
  CampaignId,
  CampaignRequest,
  CampaignRunning,
} from "@penstock/contracts";
import type { StoreUse } from "../cache-control.ts";

/** A campaign that somebody asks for, and how they want to be answered. */
export interface CampaignWanted {
  readonly caller: Caller;
  readonly request: CampaignRequest;
  /** What may be answered from, and kept in, the store of campaigns. */
  readonly store: StoreUse;
  /** When the request came to the API, in milliseconds since the epoch: somebody has waited since. */
  readonly arrivedAt: number;
}

/** A campaign that is made, or is still being made. */
export type CampaignReply =
  | {
      readonly made: CampaignAnswer;
      /** Of one in the store: seconds since it was made, and of its whole time there. */
      readonly kept?: { readonly age: number; readonly lifetime: number };
    }
  | { readonly running: CampaignRunning };

/** Campaigns, as the API has them. Everything is the caller's own: of others' nothing is there. */
export interface Campaigns {
  /**
   * Makes a campaign, or finds the same one, and waits for it as long as an answer can wait.
   * @throws {Problem} `not-found` for an upload that is not there; `unusable-image`; `too-many-requests`; `unavailable` for one that
   * did not come to its end
   */
  make(wanted: CampaignWanted): Promise<CampaignReply>;
  /** @throws {Problem} `not-found` */
  show(caller: Caller, id: CampaignId): Promise<CampaignAnswer | CampaignRunning | CampaignFailed>;
}
