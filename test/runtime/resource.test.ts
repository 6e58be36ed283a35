import { createCipheriv, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ConfigurationMissing, resource } from "@penstock/runtime";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

const Lake = v.object({ raw: v.string(), pendingDays: v.pipe(v.number(), v.integer()) });
const folder = mkdtempSync(path.join(tmpdir(), "penstock-links-"));

beforeAll(() => {
  // Links in the environment, as the local cloud and `sst dev` give them.
  vi.stubEnv("SST_RESOURCE_App", JSON.stringify({ name: "penstock", stage: "test" }));
  vi.stubEnv(
    "SST_RESOURCE_Lake",
    JSON.stringify({ raw: "raw-bucket", pendingDays: 7, type: "sst.sst.Linkable" }),
  );
  vi.stubEnv("SST_RESOURCE_Broken", JSON.stringify({ raw: 5, pendingDays: 1.5 }));
  // Links in a file, sealed as SST seals them for a deployed function: AES-256-GCM, a nonce of zeros, the tag last.
  const key = randomBytes(32);
  const cipher = createCipheriv("aes-256-gcm", key, Buffer.alloc(12, 0));
  const links = JSON.stringify({ Sealed: { raw: "sealed-bucket", pendingDays: 3 } });
  const file = path.join(folder, "resource.enc");
  writeFileSync(file, Buffer.concat([cipher.update(links), cipher.final(), cipher.getAuthTag()]));
  vi.stubEnv("SST_KEY", key.toString("base64"));
  vi.stubEnv("SST_KEY_FILE", file);
});

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe("a link", () => {
  test("is read from the environment and parsed", () => {
    expect(resource("Lake", Lake)).toEqual({ raw: "raw-bucket", pendingDays: 7 });
  });

  test("is read from the sealed file of a deployed function", () => {
    expect(resource("Sealed", Lake)).toEqual({ raw: "sealed-bucket", pendingDays: 3 });
  });

  test("that is not there is missing configuration, by name", () => {
    expect(() => resource("Nowhere", Lake)).toThrow(ConfigurationMissing);
    expect(() => resource("Nowhere", Lake)).toThrow(/"Nowhere"/);
  });

  test("with another shape is missing configuration, with the fields that do not fit", () => {
    expect(() => resource("Broken", Lake)).toThrow(ConfigurationMissing);
    expect(() => resource("Broken", Lake)).toThrow(/raw, pendingDays/);
  });
});
