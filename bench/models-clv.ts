import { readFile } from "node:fs/promises";
import path from "node:path";
import { expectedPurchases, fitBgNbd, fitGammaGamma } from "@penstock/models";
import { between, type Checks, within } from "./models-check.ts";
import { readRows, referenceFile } from "./models-reference-files.ts";

/** The end of the calibration, and of the 39 weeks after it. */
const CUT = "1997-09-30";
const END = "1998-06-30";
const HOLD_OUT_WEEKS = 39;

/** CDNOW's customers: Fader, Hardie and Lee's estimates, and what 39 more weeks brought. */
export async function clvChecks(data: string): Promise<Checks> {
  const folder = path.join(data, "cdnow");
  const customers = (
    await readFile(path.join(folder, "cdnow_customers_summary_with_transactions.csv"), "utf8")
  )
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => {
      const [
        id = Number.NaN,
        frequency = Number.NaN,
        recency = Number.NaN,
        age = Number.NaN,
        mean = Number.NaN,
      ] = line.split(",").map(Number);
      return { id, frequency, recency, age, mean };
    });
  const bgNbd = fitBgNbd(customers);
  const gammaGamma = fitGammaGamma(customers.filter(({ frequency }) => frequency > 0));
  const later = await laterPurchases(await referenceFile(folder, "cdnow_sample", ".parquet"));
  const misses = customers.map((customer) =>
    Math.abs(expectedPurchases(bgNbd, customer, HOLD_OUT_WEEKS) - (later.get(customer.id) ?? 0)),
  );
  return {
    "clv.cdnow.bg_nbd.r": within(bgNbd.r, 0.2426, 0.01),
    "clv.cdnow.bg_nbd.alpha": within(bgNbd.alpha, 4.4135, 0.01),
    "clv.cdnow.bg_nbd.a": within(bgNbd.a, 0.7929, 0.01),
    "clv.cdnow.bg_nbd.b": within(bgNbd.b, 2.4258, 0.01),
    "clv.cdnow.bg_nbd.log_likelihood": between(bgNbd.log_likelihood, -9582.48, -9582.38),
    "clv.cdnow.hold_out_mae": within(misses.reduce((sum, one) => sum + one, 0) / misses.length, 0.785, 0.005),
    "clv.cdnow.gamma_gamma.p": within(gammaGamma.p, 6.25, 0.01),
    "clv.cdnow.gamma_gamma.q": within(gammaGamma.q, 3.74, 0.01),
    "clv.cdnow.gamma_gamma.v": within(gammaGamma.v, 15.45, 0.01),
  };
}

/** Days with a purchase after the cut, per customer. */
async function laterPurchases(file: string): Promise<Map<number, number>> {
  const days = new Set<string>();
  for (const { customer_id, date } of await readRows(file, ["customer_id", "date"])) {
    const day = date instanceof Date ? date.toISOString().slice(0, 10) : String(date);
    if (day > CUT && day <= END) days.add(`${Number(customer_id)} ${day}`);
  }
  const counts = new Map<number, number>();
  for (const day of days) {
    const customer = Number.parseInt(day, 10);
    counts.set(customer, (counts.get(customer) ?? 0) + 1);
  }
  return counts;
}
