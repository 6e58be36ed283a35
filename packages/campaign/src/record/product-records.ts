import type {
  CampaignAnswer,
  CampaignId,
  ImageAnalysis,
  KnownInsight,
  MarketCode,
  ProductRecord,
  YoutubeData,
} from "@penstock/contracts";

/**
 * The records of products, as the steps of a campaign see them: each writes a part of its own, so that steps beside each
 * other lose nothing. Repeated, a write puts the same part again.
 */
export interface ProductRecords {
  /**
   * As of now.
   * @throws {InvalidInput} for a product that there is not
   * @throws {ContractViolation} for a record that has not its shape
   */
  read(id: CampaignId): Promise<ProductRecord>;
  /** @throws {InvalidInput} for a product that there is not, as with each of these */
  putImageAnalysis(id: CampaignId, analysis: ImageAnalysis): Promise<void>;
  putYoutubeData(id: CampaignId, data: YoutubeData): Promise<void>;
  /**
   * The step is done with the last of the markets.
   * @param at ISO 8601
   */
  putInsight(id: CampaignId, market: MarketCode, insight: KnownInsight, at: string): Promise<void>;
  /**
   * Puts the campaign of a product that has none, and is not failed; steps that it is made without say so. A repetition by the same execution changes nothing.
   * @returns whether it is put now, and was not before
   * @throws {InvalidInput} for a product that has another, or has failed
   */
  complete(id: CampaignId, campaign: CampaignAnswer): Promise<boolean>;
}
