import { readFile } from "node:fs/promises";
import path from "node:path";
import type { ImageType } from "@penstock/contracts";
import { UsageError } from "./usage.ts";

/** By the ends of their names. Whether it is one, the API says by the bytes. */
const types: Readonly<Record<string, ImageType>> = {
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".png": "image/png",
};

/** A picture in a file. @throws {UsageError} for no file, and for one that is named otherwise */
export async function pictureFile(file: string): Promise<{ bytes: Uint8Array; type: ImageType }> {
  const type = types[path.extname(file).toLowerCase()];
  if (type === undefined) throw new UsageError(`${file}: a picture is named .jpg, .jpeg or .png.`);
  const bytes = await readFile(file).catch(() => {
    throw new UsageError(`${file} is no file that can be read.`);
  });
  return { bytes, type };
}
