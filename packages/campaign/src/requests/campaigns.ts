import type { CampaignId, ProductRecord, Subject } from "@penstock/contracts";

/** Which campaign answers an equal request. */
export interface StoredPointer {
  readonly product_id: CampaignId;
  /** When it was asked for, in milliseconds since the epoch. */
  readonly at: number;
}

/** The records of campaigns, as the API sees them. */
export interface Campaigns {
  /** Puts a record where there is none of its id. */
  create(record: ProductRecord): Promise<void>;
  /** As of now; undefined for one that never was, and for one of somebody else's. */
  find(subject: Subject, id: CampaignId): Promise<ProductRecord | undefined>;
  /** The campaign of an equal request by the same caller, made or begun since so long; it may have failed. */
  stored(subject: Subject, fingerprint: string): Promise<StoredPointer | undefined>;
  /**
   * Lets a campaign answer equal requests from now on.
   * @param replaces what {@link Campaigns.stored} gave and is not to be answered with
   * @returns false where another one came first: that one is to be waited for
   */
  remember(
    subject: Subject,
    fingerprint: string,
    id: CampaignId,
    replaces: CampaignId | undefined,
  ): Promise<boolean>;
  /** Takes {@link Campaigns.remember} back for a campaign that is not begun, unless another has come since. */
  forget(subject: Subject, fingerprint: string, id: CampaignId): Promise<void>;
}
