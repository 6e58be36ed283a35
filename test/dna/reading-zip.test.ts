import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { ZipFile } from "yazl";
import { readContent } from "../../packages/dna/src/reading/read-content.ts";

interface Member {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** A file's mode, where it is no plain file. */
  readonly mode?: number;
  readonly compress?: boolean;
}

async function zip(members: readonly Member[]): Promise<Buffer> {
  const file = new ZipFile();
  for (const { name, content, mode, compress = true } of members)
    file.addBuffer(Buffer.from(content), name, { compress, ...(mode === undefined ? {} : { mode }) });
  file.end();
  const parts: Buffer[] = [];
  file.outputStream.on("data", (part: Buffer) => parts.push(part));
  await once(file.outputStream, "end");
  return Buffer.concat(parts);
}

/** The same ZIP with other bytes in the place of some: a name, or a number, of the same length. */
function forged(bytes: Buffer, from: Uint8Array | string, to: Uint8Array | string): Buffer {
  const changed = Buffer.from(bytes);
  const [old, other] = [Buffer.from(from), Buffer.from(to)];
  for (let at = changed.indexOf(old); at >= 0; at = changed.indexOf(old, at + old.length))
    other.copy(changed, at);
  return changed;
}

const table = "Date,Shop\n2024-01-02,Rex\n2024-01-03,Kiosk\n";
const good: Member = { name: "good.csv", content: table };

describe("a ZIP", () => {
  it("is its members, each read for what it is; folders and what systems add are passed over", async () => {
    const bytes = await zip([
      { name: "takeout/a.bin", content: '[{"track": "One"}]' },
      { name: "__MACOSX/._a", content: "x" },
      { name: "photo.jpg", content: Buffer.from("ffd8ffe000104a464946", "hex") },
      good,
    ]);

    const content = await readContent(bytes);

    expect(content.members).toMatchObject([
      { name: "takeout/a.bin", state: "read", format: "json", records: 1 },
      { name: "__MACOSX/._a", state: "skipped", reason: null },
      { name: "photo.jpg", state: "refused", reason: "binary" },
      { name: "good.csv", state: "read", format: "csv", records: 2, bytes: table.length },
    ]);
    expect(content.sections.map(({ member, path }) => [member, path])).toEqual([
      ["takeout/a.bin", ""],
      ["good.csv", null],
    ]);
  });

  it.each([
    ["../../etc/x", "hostile_name"],
    ["/etc/xxxxxx", "hostile_name"],
    ["C:\\Users\\xx", "hostile_name"],
    ["a\\..\\b.csv", "hostile_name"],
    ["a\u0000b\u001bcdefgh", "hostile_name"],
  ])("has a member of the name %j, which is refused, and the ZIP is flagged", async (name, reason) => {
    const plain = "x".repeat(name.length);
    const bytes = forged(await zip([{ name: plain, content: table }, good]), plain, name);

    const { members, asides, sections } = await readContent(bytes);

    expect(members[0]).toMatchObject({ state: "refused", reason });
    expect(asides).toMatchObject([{ codes: expect.arrayContaining(["hostile_name"]) }]);
    expect(sections.map(({ member }) => member)).toEqual(["good.csv"]);
  });

  it("has members that are refused alone: links, archives, encrypted ones, what is not what it says", async () => {
    const inner = await zip([good]);
    const encrypted = await zip([{ name: "only.csv", content: table }]);
    // Bit 0 of the flags, in the directory's record.
    const at = encrypted.indexOf(Buffer.from("504b0102", "hex"));
    encrypted.writeUInt16LE(encrypted.readUInt16LE(at + 8) | 1, at + 8);
    const bytes = await zip([
      { name: "link", content: "/etc/passwd", mode: 0o120777 },
      { name: "inner.zip", content: inner },
      { name: "twice.csv", content: table, compress: false },
      good,
    ]);
    const damaged = forged(bytes, "Kiosk\n", "Kiosc\n");

    expect((await readContent(damaged)).members.map(({ name, reason }) => [name, reason])).toEqual([
      ["link", "symlink"],
      ["inner.zip", "nested_archive"],
      ["twice.csv", "zip_broken"],
      ["good.csv", null],
    ]);
    await expect(readContent(encrypted)).rejects.toMatchObject({ reason: "zip_encrypted" });
  });

  it("that inflates to far more than it is packed in is refused, whatever it says of itself", async () => {
    const zeros = Buffer.alloc(8 * 1024 * 1024, "a");
    const bomb = await zip([{ name: "a.csv", content: zeros }]);
    // It claims eight bytes: the directory's record and the member's own.
    const size = Buffer.alloc(4);
    size.writeUInt32LE(zeros.length);
    const lying = forged(bomb, size, Buffer.from([8, 0, 0, 0]));

    await expect(readContent(bomb)).rejects.toMatchObject({ reason: "zip_ratio" });
    await expect(readContent(lying)).rejects.toMatchObject({ reason: "zip_ratio" });
  });

  it("whose members are more than 32 MiB together is refused before any is read", async () => {
    const content = Buffer.alloc(9 * 1024 * 1024, "a");
    const bytes = await zip([1, 2, 3, 4].map((n) => ({ name: `${n}.txt`, content, compress: false })));

    await expect(readContent(bytes)).rejects.toMatchObject({ reason: "zip_too_large" });
  });

  it("whose members share bytes is refused", async () => {
    const bytes = await zip([
      { name: "a.csv", content: table },
      { name: "b.csv", content: table },
    ]);
    const second = bytes.indexOf("504b0102", bytes.indexOf("504b0102", 0, "hex") + 4, "hex");
    // The second record of the directory points where the first one does.
    bytes.writeUInt32LE(0, second + 42);

    await expect(readContent(bytes)).rejects.toMatchObject({ reason: "zip_overlap" });
  });

  it.each([
    [
      "zip_too_many_members",
      Array.from({ length: 1001 }, (_, at): Member => ({ name: `${at}`, content: "a" })),
    ],
    ["unsupported_format", [{ name: "[Content_Types].xml", content: "<a/>" }, good]],
    ["nothing_readable", [{ name: "a.jpg", content: Buffer.from("ffd8ffe0", "hex") }]],
    ["nothing_readable", []],
  ] satisfies [string, Member[]][])("is refused as %s", async (reason, members) => {
    await expect(readContent(await zip(members))).rejects.toMatchObject({ reason });
  });

  it("that is cut off is refused as broken", async () => {
    const bytes = await zip([good]);

    await expect(readContent(bytes.subarray(0, bytes.length - 10))).rejects.toMatchObject({
      reason: "zip_broken",
    });
  });
});
