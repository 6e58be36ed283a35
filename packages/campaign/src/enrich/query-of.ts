import type { ProductRecord } from "@penstock/contracts";
import { textFlags } from "@penstock/runtime/flags";
import { plainLine } from "../text/clean-text.ts";

/** Most code points of a query. */
const LONGEST = 120;
/** What is looked for: what people think of a product. */
const SOUGHT = "review";

/**
 * What YouTube is asked for a product: its name, its category, `review`. The category is the request's, or else the first that
 * the picture's labels have; an agent may name other words for it. What may be meant to instruct a model is left out;
 * undefined where nothing is left.
 */
export function queryOf(
  record: Pick<ProductRecord, "product_name" | "request" | "image_analysis">,
  keywords?: string,
): string | undefined {
  const labels = record.image_analysis?.labels ?? [];
  const seen = labels.find(({ flagged, categories }) => !flagged && categories.length > 0)?.categories[0];
  const name = asked(record.product_name);
  const about = asked(keywords) || asked(record.request.category) || asked(seen);
  const words = [name, about].filter((each) => each !== "").join(" ");
  if (words === "") return undefined;
  const most = LONGEST - SOUGHT.length - 1;
  return `${[...words].slice(0, most).join("").trim()} ${SOUGHT}`;
}

/** A text as words of a query; "" where there is none, or it is not to be passed on. */
function asked(text: string | null | undefined): string {
  return text == null || textFlags(text).length > 0 ? "" : plainLine(text);
}
