import { ConfigurationMissing } from "@penstock/runtime";
import { linkedModel } from "@penstock/runtime/model";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { settings } from "./form.ts";

// Links are read once in a process: this one has no key.
beforeAll(() => {
  vi.stubEnv("SST_RESOURCE_App", JSON.stringify({ name: "penstock", stage: "test" }));
  vi.stubEnv("SST_RESOURCE_OpenAiKey", JSON.stringify({ value: "not-set" }));
});
afterAll(() => {
  vi.unstubAllEnvs();
});

test("a deployment that names OpenAI and has no key says so before anything is asked", () => {
  expect(() => linkedModel(settings)).toThrow(ConfigurationMissing);
});

test("one that names Bedrock needs none", () => {
  expect(() => linkedModel({ ...settings, provider: "bedrock" })).not.toThrow();
});
