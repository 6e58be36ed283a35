import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apply, blocksOf } from "./worked-examples.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "penstock-blocks-"));
  writeFileSync(path.join(root, "a.ts"), "one\ntwo\n\nthree\nthree\n");
});
afterEach(() => rmSync(root, { recursive: true }));

/** A page of one block below its file, under a heading. */
const page = (file: string, kind: string, ...lines: string[]) =>
  ["# Page", "", "## Part", "", file, "", `\`\`\`${kind}`, ...lines, "```", ""].join("\n");
const applied = (...lines: string[]) => {
  for (const block of blocksOf("page.md", page("`a.ts`", "diff", ...lines))) apply(block, root);
  return readFileSync(path.join(root, "a.ts"), "utf8");
};

describe("a diff", () => {
  it("inserts after a line, replaces lines and takes some away, in several places", () => {
    expect(applied(" one", "+one and a half", "@@", "-two", "+2", " ", "-three", " three")).toBe(
      "one\none and a half\n2\n\nthree\n",
    );
  });

  it.each([
    ["is not there", [" four", "+five"], "these lines are not in the file:\nfour"],
    ["stands there in another order", [" two", " one"], "these lines are not in the file:\ntwo\none"],
    ["stands there twice", [" three", "+four"], "these lines are 2 times in the file:\nthree"],
    ["is none", ["+four"], "nothing says where the change belongs"],
    ["has no mark", ["one"], 'a line begins with +, - or a space, not as "one"'],
  ])("is an error that names the block when what it quotes %s", (_, lines, fault) => {
    expect(() => applied(...lines)).toThrow(`page.md:7 (Part, a.ts): ${fault}`);
    expect(readFileSync(path.join(root, "a.ts"), "utf8")).toBe("one\ntwo\n\nthree\nthree\n");
  });
});

describe("a new file", () => {
  const [block] = blocksOf("page.md", page("`b/c.ts`", "ts", "export {};"));
  if (block === undefined) throw new Error("there is no block");

  it("is written once, with the folders above it, and is an error when it is there already", () => {
    apply(block, root);

    expect(readFileSync(path.join(root, "b/c.ts"), "utf8")).toBe("export {};\n");
    expect(() => apply(block, root)).toThrow("page.md:7 (Part, b/c.ts): the file is there already");
  });
});

describe("a page", () => {
  it.each([
    [
      "a block without its file",
      page("Some text about `a.ts`:", "ts", "x"),
      "the file of the block must stand",
    ],
    ["a block of a kind that nobody follows", page("`a.ts`", "json", "{}"), 'not "json"'],
    ["a block without an end", "`a.ts`\n\n```ts\nx", "the block has no end"],
  ])("with %s is an error", (_, text, fault) => {
    expect(() => blocksOf("page.md", text)).toThrow(fault);
  });

  it("may have commands, which need no file", () => {
    expect(blocksOf("page.md", page("Then:", "sh", "npm test"))).toEqual([
      { place: "page.md:7 (Part)", kind: "sh", file: "", lines: ["npm test"] },
    ]);
  });
});
