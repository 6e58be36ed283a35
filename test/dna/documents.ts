import { DnaDocument, type DnaItem, type DnaItems } from "@penstock/contracts";
import * as v from "valibot";
import { USER } from "./dna-fixture.ts";

/** A document of a file that tells these items, all of it known but for what is given. */
export function documentOf(
  file: string,
  items: Partial<{ [Category in keyof DnaItems]: readonly DnaItem[] }>,
  { state = "categorised", arrived_at = "2026-11-20T10:00:00.000Z", user = USER }: Partial<Told> = {},
): DnaDocument {
  const of = (category: keyof DnaItems) => ({ items: items[category] ?? [], items_left_out: 0 });
  return v.parse(DnaDocument, {
    contract: 1,
    user,
    file,
    reading: "0123456789abcdef",
    state,
    reason: state === "categorised" ? null : "chunks_failed",
    facts: {
      bytes: 100,
      etag: "e",
      sha256: "0".repeat(64),
      arrived_at,
      format: "csv",
      encoding: "utf-8",
      records: 3,
      columns: 2,
      dialect: { delimiter: ",", preamble_lines: 0, footer_lines: 0 },
      members: [],
      repairs: {
        double_encoded: 0,
        other_encoding_lines: 0,
        broken_quotes: 0,
        ragged_rows: 0,
        bad_lines: 0,
      },
    },
    categories: {
      financial: of("financial"),
      social: of("social"),
      professional: of("professional"),
      entertainment: of("entertainment"),
    },
    chunks: { planned: 1, categorised: 1, failed: [], left_out: 0 },
    flags: [],
    masked: { cards: 0, national_ids: 0, emails: 0 },
    model: null,
  });
}

interface Told {
  readonly state: DnaDocument["state"];
  readonly arrived_at: string;
  readonly user: string;
}

/** An item of a table's row. */
export function itemOf<Kind extends DnaItem["kind"]>(
  kind: Kind,
  what: string,
  more: Partial<Pick<DnaItem, "confidence" | "occurrences" | "flagged" | "evidence">> = {},
) {
  return {
    kind,
    what,
    evidence: { member: null, path: null, row: 1, offset: null },
    confidence: 0.9,
    occurrences: 1,
    flagged: false,
    ...more,
  };
}
