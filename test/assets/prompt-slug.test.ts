import { expect, it } from "vitest";
import { promptSlug } from "../../packages/assets/src/images/prompt-slug.ts";

it.each([
  ["A red cup, on a table!", "a-red-cup-on-a-table"],
  ["Ein größeres Café à Paris", "ein-gro-eres-cafe-a-paris"],
  ["../../etc/passwd", "etc-passwd"],
  ["for ana@example.org now", "for-now"],
  ["call +49 171 2345678 or 4111111111111111", "call-49-171-or"],
  ["赤いカップ", "image"],
  ["", "image"],
  ["one two three four five six seven eight nine ten", "one-two-three-four-five-six-seven-eight"],
  ["x".repeat(90), "x".repeat(40)],
])("%j is %s in a key", (prompt, slug) => {
  expect(promptSlug(prompt)).toBe(slug);
});
