import type { ProductRecords } from "@penstock/campaign";
import { type ProductRecord, ProductRecord as RecordContract } from "@penstock/contracts";
import { InvalidInput } from "@penstock/runtime/errors";
import * as v from "valibot";
import { lostSteps } from "../../packages/campaign/src/record/lost-steps.ts";

/** Records in memory, what was done to which, and each as it is now, by its contract. */
export interface MemoryRecords extends ProductRecords {
  readonly done: { readonly what: string; readonly id: string }[];
  now(id: string): ProductRecord;
}

/** Records as the table keeps them: every step writes its own part, and a record is what its contract says. */
export function memoryRecords(...given: readonly ProductRecord[]): MemoryRecords {
  const kept = new Map(given.map((record) => [record.product_id, structuredClone(record)]));
  const done: { what: string; id: string }[] = [];
  const now = (id: string) => {
    const record = kept.get(id);
    if (record === undefined) throw new InvalidInput(`there is no product ${id}`);
    return record;
  };
  const put = (what: string, id: string, change: (record: ProductRecord) => ProductRecord) => {
    done.push({ what, id });
    kept.set(id, v.parse(RecordContract, change(now(id))));
  };
  return {
    done,
    now: (id) => structuredClone(now(id)),
    async read(id) {
      done.push({ what: "read", id });
      return structuredClone(now(id));
    },
    async putImageAnalysis(id, image_analysis) {
      put("image_analysis", id, (record) => ({
        ...record,
        image_analysis,
        steps: { ...record.steps, image_analysis: "done" },
      }));
    },
    async putYoutubeData(id, youtube_data) {
      const { state } = youtube_data;
      put("youtube_data", id, (record) => ({
        ...record,
        youtube_data,
        steps: { ...record.steps, data_enrichment: state === "ok" ? "done" : `skipped:${state}` },
      }));
    },
    async putInsight(id, market, insight, at) {
      put(`insight ${market}`, id, (record) => {
        const market_insights = { ...record.cultural_data.market_insights, [market]: insight };
        const all = record.request.target_markets.every((code) => market_insights[code] !== undefined);
        return {
          ...record,
          cultural_data: { market_insights, analyzed_at: at },
          steps: { ...record.steps, ...(all && { cultural_intelligence: "done" }) },
        };
      });
    },
    async complete(id, campaign_data) {
      const { correlation_id, generation_method, generated_at } = campaign_data;
      if (now(id).status !== "running") throw new InvalidInput(`product ${id} is over`);
      put("complete", id, (record) => ({
        ...record,
        status: "completed",
        steps: { ...record.steps, ...lostSteps(campaign_data.incomplete) },
        campaign: { correlation_id, generation_method, generated_at, campaign_data },
      }));
      return true;
    },
  };
}
