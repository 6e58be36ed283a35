import { expect, it } from "vitest";
import { storeUse } from "../../packages/api/src/cache-control.ts";

it.each([
  [undefined, { maxAge: undefined, keep: true }],
  ["", { maxAge: undefined, keep: true }],
  ["no-store", { maxAge: false, keep: false }],
  ["max-age=60, NO-STORE", { maxAge: false, keep: false }],
  ["no-cache", { maxAge: false, keep: true }],
  ["max-age=0", { maxAge: false, keep: true }],
  ["max-age=60", { maxAge: 60, keep: true }],
  ['Max-Age="60"', { maxAge: 60, keep: true }],
  ["max-age=-1", { maxAge: undefined, keep: true }],
  ["max-age=1e3", { maxAge: undefined, keep: true }],
  ["only-if-cached, min-fresh=5", { maxAge: undefined, keep: true }],
])("Cache-Control: %s", (header, use) => {
  expect(storeUse(header)).toEqual(use);
});
