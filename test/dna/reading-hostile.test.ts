import { describe, expect, it } from "vitest";
import { readContent } from "../../packages/dna/src/reading/read-content.ts";
import { nameFlags } from "../../packages/runtime/src/flags/flags.ts";
import { hostileFiles, innocent, knownPayloads } from "./hostile-files.ts";

const files = (await hostileFiles(knownPayloads)).filter(({ carrier }) => carrier !== "file name");

describe("files that mean to instruct the model, as they are read", () => {
  it.each(files)("$carrier, $encoding, $payload.language: $name", async ({ bytes, name }) => {
    const { sections, asides } = await readContent(bytes);

    const records = sections.flatMap((section) => section.records);
    const flagged = records.filter(({ codes }) => codes.length > 0);
    expect(asides.length + flagged.length + nameFlags(name).length, "it is flagged").toBeGreaterThan(0);
    // What says nothing to a model beside it is not.
    const honest = records.filter(({ codes }) => codes.length === 0).map(({ text }) => text);
    for (const shop of innocent)
      expect(
        honest.some((text) => text.includes(shop)),
        shop,
      ).toBe(true);
  });
});
