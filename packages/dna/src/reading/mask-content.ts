import type { MaskedCounts } from "@penstock/contracts";
import { type DuckSession, maskTexts } from "@penstock/runtime";
import { cutBetweenNumbers } from "./cut-text.ts";
import type { FileContent } from "./file-content.ts";

/** UTF-16 units that go to the engine as one text. */
const LONGEST = 16 * 1024;

/** A file's content with all that must be hidden hidden, and how much that was. */
export interface MaskedContent {
  readonly content: FileContent;
  readonly masked: MaskedCounts;
}

/**
 * Masks all that a file says and that is handed on: records, headers, pointers and members' names. It is the one thing that
 * stands between what was read and everything else.
 */
export async function maskContent(session: DuckSession, content: FileContent): Promise<MaskedContent> {
  const texts = new MaskedLater();
  const optional = (text: string | null) => (text === null ? () => null : texts.take(text));
  const members = content.members.map((member) => ({ ...member, name: texts.take(member.name) }));
  const asides = content.asides.map((aside) => ({ ...aside, member: optional(aside.member) }));
  const sections = content.sections.map((section) => ({
    member: optional(section.member),
    path: optional(section.path),
    header: optional(section.header),
    records: section.records.map((record) => ({ ...record, text: texts.take(record.text) })),
  }));
  const { cards, national_ids, emails } = await texts.mask(session);
  return {
    content: {
      ...content,
      members: members.map((member) => ({ ...member, name: member.name() })),
      asides: asides.map((aside) => ({ ...aside, member: aside.member() })),
      sections: sections.map(({ member, path, header, records }) => ({
        member: member(),
        path: path(),
        header: header(),
        records: records.map((record) => ({ ...record, text: record.text() })),
      })),
    },
    masked: {
      cards: cards + content.hidden.cards,
      national_ids: national_ids + content.hidden.national_ids,
      emails,
    },
  };
}

/** Texts that are masked together. */
class MaskedLater {
  private pieces: string[] = [];
  private masked: readonly string[] = [];

  /** @returns the text as it is after {@link mask} */
  take(text: string): () => string {
    const from = this.pieces.length;
    for (const piece of cutBetweenNumbers(text, LONGEST)) this.pieces.push(piece.text);
    const to = this.pieces.length;
    return () => this.masked.slice(from, to).join("");
  }

  async mask(session: DuckSession): Promise<MaskedCounts> {
    const { texts, ...counts } = await maskTexts(session, this.pieces);
    this.pieces = [];
    this.masked = texts;
    return counts;
  }
}
