import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { renderProgram } from "../../packages/local/src/render/index.ts";
import { ProgramFolder } from "./program-folder.ts";

const program = `
    const { name } = await import("./stacks/queue.ts");
    new aws.sqs.Queue("Jobs", { name });`;

/** How often the program was evaluated: it leaves a mark each time. */
const evaluations = ({ root }: ProgramFolder) => readFileSync(path.join(root, "evaluations"), "utf8").length;

it("a program is evaluated again when, and only when, one of its source files changes", async () => {
  using folder = new ProgramFolder(program);
  const render = () => renderProgram({ root: folder.root, stage: "test" });
  folder.write("stacks/queue.ts", `export const name = "first";\n`);

  const first = await render();
  expect(await render(), "from the cache").toEqual(first);
  folder.write("stacks/other.ts", "export const unused = true;\n");
  expect(await render(), "a file that the program does not import").toEqual(first);
  expect(evaluations(folder)).toBe(1);

  folder.write("stacks/queue.ts", `export const name = "second";\n`);
  const second = await render();
  expect(second.resources.map(({ id }) => id)).toEqual([
    "https://sqs.eu-west-1.amazonaws.com/000000000000/second",
  ]);
  expect(evaluations(folder)).toBe(2);

  folder.write("package-lock.json", `{ "lockfileVersion": 3 }`);
  expect(await render(), "another set of packages").toEqual(second);
  expect(evaluations(folder)).toBe(3);
});

it("a cache that was cut off or spoilt is made anew, and nothing but it is left behind", async () => {
  using folder = new ProgramFolder(program);
  folder.write("stacks/queue.ts", `export const name = "jobs";\n`);
  const render = () => renderProgram({ root: folder.root, stage: "test" });
  const first = await render();
  const kept = path.join(folder.root, ".sst/render/test.json");
  const whole = readFileSync(kept, "utf8");

  for (const spoilt of [whole.slice(0, whole.length / 2), "null", `{"sources":{}}`]) {
    writeFileSync(kept, spoilt);
    expect(await render()).toEqual(first);
  }

  expect(readdirSync(path.join(folder.root, ".sst/render"))).toEqual(["test.json"]);
});
