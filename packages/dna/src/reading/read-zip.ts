import type { MemberReason, ZipMember } from "@penstock/contracts";
import { nameFlags } from "../flags/flags.ts";
import { type Aside, type FileContent, type ReadSection, recordCount } from "./file-content.ts";
import { Inflation } from "./inflate-member.ts";
import { isArchive } from "./magic-numbers.ts";
import { RefusedFile } from "./refused-file.ts";
import { type PackedMember, zipDirectory } from "./zip-directory.ts";

/** Names that systems put beside what a person packs, and folders. */
const PASSED_OVER = /\/$|(?:^|\/)(?:__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._)/i;
const LONGEST_NAME = 512;

/**
 * Reads a ZIP: each member is a file of its own. One that cannot be read spoils none of the others; a ZIP that is made to
 * take more than there is, is refused whole.
 * @param readMember reads a member that is no archive
 * @throws {RefusedFile}
 */
export async function readZip(
  bytes: Uint8Array,
  readMember: (bytes: Uint8Array) => FileContent,
): Promise<FileContent> {
  const packed = await zipDirectory(bytes);
  // A document of an office program is a ZIP of its own making.
  if (packed.some(({ name }) => name === "[Content_Types].xml")) throw new RefusedFile("unsupported_format");
  const inflation = new Inflation();
  const seen = new Set<string>();
  const members: ZipMember[] = [];
  const contents: FileContent[] = [];
  const sections: ReadSection[] = [];
  const asides: Aside[] = [];
  for (const member of packed) {
    const { name } = member;
    const codes = nameFlags(name);
    if (codes.length > 0) asides.push({ codes, member: name.slice(0, LONGEST_NAME), offset: null });
    const found = readOne(member, { inflation, seen, readMember });
    members.push({ ...found.facts, name: name.slice(0, LONGEST_NAME) });
    seen.add(name);
    if (found.content === undefined) continue;
    contents.push(found.content);
    sections.push(...found.content.sections.map((section) => ({ ...section, member: name })));
    asides.push(...found.content.asides.map((aside) => ({ ...aside, member: name })));
  }
  if (contents.length === 0) throw new RefusedFile(whyNothing(members));
  const sum = (of: (content: FileContent) => number) =>
    contents.reduce((total, content) => total + of(content), 0);
  const encodings = new Set(contents.map(({ encoding }) => encoding));
  return {
    format: "zip",
    encoding: encodings.size === 1 ? ([...encodings][0] ?? null) : "mixed",
    columns: 0,
    dialect: null,
    members,
    repairs: {
      double_encoded: sum(({ repairs }) => repairs.double_encoded),
      other_encoding_lines: sum(({ repairs }) => repairs.other_encoding_lines),
      broken_quotes: sum(({ repairs }) => repairs.broken_quotes),
      ragged_rows: sum(({ repairs }) => repairs.ragged_rows),
      bad_lines: sum(({ repairs }) => repairs.bad_lines),
    },
    sections,
    asides,
    hidden: {
      cards: sum(({ hidden }) => hidden.cards),
      national_ids: sum(({ hidden }) => hidden.national_ids),
    },
  };
}

interface ReadingOfZip {
  readonly inflation: Inflation;
  readonly seen: ReadonlySet<string>;
  readonly readMember: (bytes: Uint8Array) => FileContent;
}

type MemberFacts = Omit<ZipMember, "name">;

function readOne(
  member: PackedMember,
  { inflation, seen, readMember }: ReadingOfZip,
): { facts: MemberFacts; content?: FileContent } {
  const { name, entry } = member;
  const without = (state: "refused" | "skipped", reason: MemberReason | null, bytes = 0) => ({
    facts: { state, reason, format: null, bytes, records: 0 },
  });
  if (PASSED_OVER.test(name)) return without("skipped", null);
  if (name.length > LONGEST_NAME || seen.has(name) || nameFlags(name).includes("hostile_name"))
    return without("refused", "hostile_name");
  // The upper half of the attributes is the mode of a file, where a Unix made the ZIP.
  if (((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000) return without("refused", "symlink");
  const inflated = inflation.member(member);
  if (inflated.reason !== undefined) return without("refused", inflated.reason);
  const { bytes } = inflated;
  if (isArchive(bytes)) return without("refused", "nested_archive", bytes.length);
  try {
    const content = readMember(bytes);
    const { format, sections } = content;
    const records = recordCount(sections);
    return { facts: { state: "read", reason: null, format, bytes: bytes.length, records }, content };
  } catch (error) {
    if (error instanceof RefusedFile) return without("refused", error.reason, bytes.length);
    throw error;
  }
}

function whyNothing(members: readonly ZipMember[]): "zip_encrypted" | "nothing_readable" {
  const refused = members.filter(({ state }) => state === "refused");
  const allEncrypted = refused.length > 0 && refused.every(({ reason }) => reason === "zip_encrypted");
  return allEncrypted ? "zip_encrypted" : "nothing_readable";
}
