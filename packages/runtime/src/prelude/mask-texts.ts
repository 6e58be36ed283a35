import type { DuckSession } from "../session/session.ts";
import { text } from "../sql/quote.ts";
import { cardForm } from "./duckdb-cards.ts";
import { idForm, idMacros } from "./duckdb-ids.ts";

/** Texts with their numbers hidden, in the order given, and how many that were. */
export interface MaskedTexts {
  readonly texts: readonly string[];
  readonly cards: number;
  readonly national_ids: number;
  readonly emails: number;
}

/** UTF-16 units of the texts of one query, and how many. DuckDB plans each for a fifth of a second. */
const BATCH = { units: 2_000_000, texts: 20_000 };

/** An address in a text; what is left of it has the form of `mask_email`. */
const EMAIL = "([\\p{L}\\p{N}])[\\p{L}\\p{N}._%+\\-]*@((?:[\\p{L}\\p{N}\\-]+\\.)+[\\p{L}\\p{N}\\-]+)";

/**
 * Hides card numbers, national ids and e-mail addresses in any texts, as `docs/decisions/0004-masks.md` has it. NUL, which no
 * engine takes, becomes a space. The texts go into the engine and nowhere else.
 */
export async function maskTexts(session: DuckSession, texts: readonly string[]): Promise<MaskedTexts> {
  const masked = texts.map((each) => each.toWellFormed().replaceAll("\0", " "));
  const candidates = masked.flatMap((each, at) => (isCandidate(each) ? [at] : []));
  const counts = { cards: 0, national_ids: 0, emails: 0 };
  if (candidates.length > 0) await session.run(idMacros.join(";"));
  for (const batch of batches(candidates, masked)) {
    // As one literal: DuckDB takes longer to read thousands than to mask what is in them.
    const given = text(JSON.stringify(batch.map((at) => masked[at] ?? "")));
    const rows = await session.rows(`
      WITH given AS (SELECT unnest(range(${batch.length})) AS i, unnest(from_json(${given}, '["VARCHAR"]')) AS s),
      written AS (SELECT i, regexp_replace(s, '${EMAIL}', '\\1***@\\2', 'g') AS s FROM given),
      paid AS (SELECT i, coalesce(hidden_cards([s])[1], s) AS s FROM written)
      SELECT i, coalesce(hidden_ids([s])[1], s) AS s FROM paid`);
    for (const { i, s } of rows) {
      const at = batch[Number(i)] ?? -1;
      count(masked[at] ?? "", String(s), counts);
      masked[at] = String(s);
    }
  }
  return { texts: masked, ...counts };
}

/** Whether there may be anything to hide. */
function isCandidate(each: string): boolean {
  return each.includes("@") || cardForm.test(each) || idForm.test(each);
}

function* batches(candidates: readonly number[], texts: readonly string[]): Generator<number[]> {
  let batch: number[] = [];
  let units = 0;
  for (const at of candidates) {
    batch.push(at);
    units += texts[at]?.length ?? 0;
    if (units < BATCH.units && batch.length < BATCH.texts) continue;
    yield batch;
    batch = [];
    units = 0;
  }
  if (batch.length > 0) yield batch;
}

const CARD = /(?<!\*)\*{12}\d{4}/g;
const ID = /(?<!\*)\*{3}(?:-\*{2}-\d{4}|(?![*@-]))/g;
const ADDRESS = /[\p{L}\p{N}]\*{3}@/gu;

/** What there is after masking and was not before. */
function count(
  before: string,
  after: string,
  counts: { cards: number; national_ids: number; emails: number },
): void {
  if (before === after) return;
  const more = (pattern: RegExp) =>
    Math.max(0, (after.match(pattern) ?? []).length - (before.match(pattern) ?? []).length);
  counts.cards += more(CARD);
  counts.national_ids += more(ID);
  counts.emails += more(ADDRESS);
}
