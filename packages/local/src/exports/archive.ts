import { buffer } from "node:stream/consumers";
import { ZipFile } from "yazl";

/** A ZIP of these members, the same bytes each time. */
export async function archive(members: Readonly<Record<string, string>>): Promise<Uint8Array> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(members))
    zip.addBuffer(Buffer.from(content, "utf8"), name, { mtime: new Date(2026, 0, 1), compress: true });
  zip.end();
  return buffer(zip.outputStream);
}
