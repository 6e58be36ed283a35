import path from "node:path";
import type { CardPayment } from "@penstock/models";
import { moment, readRows, referenceFiles, SetLeftOut } from "./models-reference-files.ts";

const DAY = 86_400;
const WEEK = 7 * DAY;
/** First day of the week that the references are measured on. */
const PUBLISHED = Date.UTC(2018, 7, 1) / 1000;
/** A day counts as whole when its last payment is within so many seconds of its end. */
const LATE = 6 * 3600;

/** What is learned from and what is scored, in seconds since 1970-01-01T00:00Z, the ends exclusive. */
export interface Weeks {
  readonly train: { readonly from: number; readonly to: number };
  readonly score: { readonly from: number; readonly to: number };
}

/** The simulated payments in order of time. */
export async function simulatedPayments(data: string): Promise<CardPayment[]> {
  const files = await referenceFiles(path.join(data, "fraud_simulated"), "transactions", ".parquet");
  const columns = ["tx_id", "tx_time", "customer_id", "terminal_id", "amount", "is_fraud"];
  const payments = (await readRows(files, columns, ["tx_id"])).map(
    (row): CardPayment => ({
      time: moment(row.tx_time) / 1000,
      card: String(row.customer_id),
      terminal: String(row.terminal_id),
      amount: Number(row.amount),
      fraud: Number(row.is_fraud) === 1,
    }),
  );
  const unread = payments.filter(({ time }) => Number.isNaN(time)).length;
  if (unread > 0)
    throw new Error(`${unread} of ${payments.length} tx_time in ${files.join(", ")} are no time`);
  return payments.sort((a, b) => a.time - b.time);
}

/**
 * The week that is scored, and the week of training that ends `delayDays` before it: 2018-08-01 to 2018-08-07 where the
 * payments span both, the last seven whole days otherwise. Throws {@link SetLeftOut} where that is before the first day.
 */
export function weeksOf(payments: readonly CardPayment[], delayDays: number): Weeks {
  const first = Math.floor((payments[0]?.time ?? 0) / DAY) * DAY;
  const end = Math.floor(((payments.at(-1)?.time ?? -DAY) + LATE) / DAY) * DAY;
  const before = WEEK + delayDays * DAY;
  const isPublishedThere = first <= PUBLISHED - before && PUBLISHED + WEEK <= end;
  const from = isPublishedThere ? PUBLISHED : end - WEEK;
  if (from - before < first) {
    const days = Math.max(0, (end - first) / DAY);
    throw new SetLeftOut(`${days} whole days of simulated cards; ${(before + WEEK) / DAY} are needed`);
  }
  return { train: { from: from - before, to: from - delayDays * DAY }, score: { from, to: from + WEEK } };
}
