import path from "node:path";
import { moment, readCsv, readRows, referenceFiles, SetLeftOut } from "./models-reference-files.ts";

/** The end of the calibration, and of the 39 weeks after it. */
const CUT = "1997-09-30";
const END = "1998-06-30";
const WEEK_MS = 7 * 86_400_000;

/** A customer of CDNOW at the end of the calibration; times in weeks. */
export interface CdnowCustomer {
  readonly frequency: number;
  readonly recency: number;
  readonly age: number;
  /** Mean amount of a repeat purchase, in USD; 0 without one. */
  readonly mean: number;
  /** Days with a purchase in the 39 weeks after; null where only the published summary is there. */
  readonly later: number | null;
}

/**
 * CDNOW's customers from the purchases in the folder: those of the sample where it is there, of the master file otherwise.
 * Without either from the published summary.
 */
export async function cdnowCustomers(data: string): Promise<CdnowCustomer[]> {
  const folder = path.join(data, "cdnow");
  for (const part of ["cdnow_sample", "cdnow_master"]) {
    const files = await referenceFiles(folder, part, ".parquet").catch(unlessLeftOut);
    if (files.length > 0) return fromPurchases(files);
  }
  const summaries = await referenceFiles(folder, "summary_with_transactions", ".csv");
  return (await readCsv(summaries, ["ID"])).map(({ x, t_x, T, zbar }) => ({
    frequency: Number(x),
    recency: Number(t_x),
    age: Number(T),
    mean: Number(zbar),
    later: null,
  }));
}

/** A day with several purchases counts once, with what they come to. Weeks have two decimals, as in the published summary. */
async function fromPurchases(files: readonly string[]): Promise<CdnowCustomer[]> {
  const customers = new Map<string, Map<string, number>>();
  for (const { customer_id, date, amount } of await readRows(files, ["customer_id", "date", "amount"])) {
    const time = moment(date);
    if (Number.isNaN(time)) throw new Error(`a date in ${files.join(", ")} is none`);
    const day = new Date(time).toISOString().slice(0, 10);
    const days = customers.get(String(customer_id)) ?? new Map<string, number>();
    days.set(day, (days.get(day) ?? 0) + Number(amount));
    customers.set(String(customer_id), days);
  }
  return [...customers.values()].flatMap((days): CdnowCustomer[] => {
    const [first, ...repeats] = [...days].filter(([day]) => day <= CUT).sort(([a], [b]) => (a < b ? -1 : 1));
    if (first === undefined) return [];
    const spent = repeats.reduce((sum, [, amount]) => sum + amount, 0);
    return [
      {
        frequency: repeats.length,
        recency: weeks(first[0], repeats.at(-1)?.[0] ?? first[0]),
        age: weeks(first[0], CUT),
        mean: repeats.length === 0 ? 0 : spent / repeats.length,
        later: [...days.keys()].filter((day) => day > CUT && day <= END).length,
      },
    ];
  });
}

function weeks(from: string, to: string): number {
  return Math.round(((Date.parse(to) - Date.parse(from)) / WEEK_MS) * 100) / 100;
}

function unlessLeftOut(error: unknown): string[] {
  if (error instanceof SetLeftOut) return [];
  throw error;
}
