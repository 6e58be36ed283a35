import path from "node:path";
import { adjustedRand, type CustomerSummary, chooseK, cluster, rfmSpace } from "@penstock/models";
import { Random } from "ml-random";
import { atLeast, type Checks } from "./models-check.ts";
import { independentKmeans } from "./models-independent-kmeans.ts";
import { moment, readRows, referenceFiles, SetLeftOut } from "./models-reference-files.ts";

const DAY_MS = 86_400_000;
const BOOTSTRAPS = 10;

/** Online Retail: k-means against a second implementation from the same start, and k under a bootstrap. */
export async function segmentationChecks(data: string): Promise<Checks> {
  const { points } = rfmSpace(await onlineRetailCustomers(data));
  const chosen = chooseK(points, 1);
  if (chosen === undefined) throw new SetLeftOut("the customers of Online Retail are too few or all alike");
  const agreement = [chosen.k, 4, 6].map((k) => {
    const ours = cluster(points, k, new Random(k));
    return ours === undefined ? 0 : adjustedRand(ours.labels, independentKmeans(points, ours.initial));
  });
  const random = new Random(2);
  let same = 0;
  for (let b = 0; b < BOOTSTRAPS; b++) {
    const sample = points.map(() => points[random.randInt(points.length)] ?? [0, 0, 0]);
    if (chooseK(sample, b)?.k === chosen.k) same++;
  }
  return {
    "segmentation.online_retail.adjusted_rand": atLeast(Math.min(...agreement), 0.99),
    "segmentation.online_retail.same_k_share": atLeast(same / BOOTSTRAPS, 0.8),
  };
}

/** Customers with what they bought: cancellations, returns, and lines without customer or price left out. */
export async function onlineRetailCustomers(data: string): Promise<CustomerSummary[]> {
  const files = await referenceFiles(path.join(data, "online_retail"), "online_retail", ".parquet");
  const columns = ["invoice_no", "quantity", "invoice_date", "unit_price", "customer_id"];
  const customers = new Map<string, { last: number; invoices: Set<string>; spend: number }>();
  let end = 0;
  for (const row of await readRows(files, columns)) {
    const [quantity, price] = [Number(row.quantity), Number(row.unit_price)];
    const isSale = !String(row.invoice_no).startsWith("C") && quantity > 0 && price > 0;
    const time = moment(row.invoice_date);
    if (!isSale || row.customer_id === null || Number.isNaN(time)) continue;
    const id = String(row.customer_id);
    const own = customers.get(id) ?? { last: 0, invoices: new Set(), spend: 0 };
    own.last = Math.max(own.last, time);
    own.invoices.add(String(row.invoice_no));
    own.spend += quantity * price;
    customers.set(id, own);
    end = Math.max(end, own.last);
  }
  return [...customers].map(([customer_id, { last, invoices, spend }]) => ({
    customer_id,
    recency_days: Math.floor((end - last) / DAY_MS),
    orders: invoices.size,
    spend,
  }));
}
