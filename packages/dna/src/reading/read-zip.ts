import type { MemberReason, ZipMember } from "@penstock/contracts";
import { nameFlags } from "@penstock/runtime/flags";
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
  // All of them before one is read: a ZIP that is refused costs no more than that.
  const opened = packed.map((member) => {
    const found = openMember(member, { inflation, seen });
    seen.add(member.name);
    return { name: member.name, found };
  });
  for (const { name, found: member } of opened) {
    const codes = nameFlags(name);
    if (codes.length > 0) asides.push({ codes, member: name.slice(0, LONGEST_NAME), offset: null });
    const found: ReadMember = "format" in member ? { facts: member } : readBytes(member.bytes, readMember);
    members.push({ ...found.facts, name: name.slice(0, LONGEST_NAME) });
    if (found.content === undefined) continue;
    contents.push(found.content);
    for (const section of found.content.sections) sections.push({ ...section, member: name });
    for (const aside of found.content.asides) asides.push({ ...aside, member: name });
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

type MemberFacts = Omit<ZipMember, "name">;

interface ReadMember {
  readonly facts: MemberFacts;
  readonly content?: FileContent;
}

function without(state: "refused" | "skipped", reason: MemberReason | null, bytes = 0): MemberFacts {
  return { state, reason, format: null, bytes, records: 0 };
}

/** The bytes of a member, or what is known of one that is not read. */
function openMember(
  member: PackedMember,
  { inflation, seen }: { readonly inflation: Inflation; readonly seen: ReadonlySet<string> },
): MemberFacts | { readonly bytes: Uint8Array } {
  const { name, entry } = member;
  if (PASSED_OVER.test(name)) return without("skipped", null);
  if (name.length > LONGEST_NAME || seen.has(name) || nameFlags(name).includes("hostile_name"))
    return without("refused", "hostile_name");
  // The upper half of the attributes is the mode of a file, where a Unix made the ZIP.
  if (((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000) return without("refused", "symlink");
  const inflated = inflation.member(member);
  if (inflated.reason !== undefined) return without("refused", inflated.reason);
  const { bytes } = inflated;
  return isArchive(bytes) ? without("refused", "nested_archive", bytes.length) : { bytes };
}

function readBytes(bytes: Uint8Array, readMember: (bytes: Uint8Array) => FileContent): ReadMember {
  try {
    const content = readMember(bytes);
    const { format, sections } = content;
    const records = recordCount(sections);
    return { facts: { state: "read", reason: null, format, bytes: bytes.length, records }, content };
  } catch (error) {
    if (error instanceof RefusedFile) return { facts: without("refused", error.reason, bytes.length) };
    throw error;
  }
}

function whyNothing(members: readonly ZipMember[]): "zip_encrypted" | "nothing_readable" {
  const refused = members.filter(({ state }) => state === "refused");
  const allEncrypted = refused.length > 0 && refused.every(({ reason }) => reason === "zip_encrypted");
  return allEncrypted ? "zip_encrypted" : "nothing_readable";
}
