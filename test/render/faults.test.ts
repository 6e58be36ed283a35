import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { ProgramFailed, type ProgramFault, renderProgram } from "../../packages/local/src/render/index.ts";
import { ProgramFolder } from "./program-folder.ts";

/** The faults that a program is reported to have. */
async function faults(run: string, files: Record<string, string> = {}): Promise<readonly ProgramFault[]> {
  using folder = new ProgramFolder(run);
  for (const [file, content] of Object.entries(files)) folder.write(file, content);
  const failure = await renderProgram({ root: folder.root, stage: "test" }).catch((error: unknown) => error);
  if (!(failure instanceof ProgramFailed)) throw new Error(`No fault was reported: ${failure}`);
  return failure.faults;
}

it("a program that throws is reported with the error's name and its place in the source", async () => {
  const found = await faults(`    await import("./stacks/shop.ts");`, {
    "stacks/shop.ts": `class NoShelf extends Error {
  name = "NoShelf";
}
export const shelf = (() => {
  throw new NoShelf("There is no shelf.");
})();
`,
  });

  expect(found).toEqual([
    { error: "NoShelf", message: "There is no shelf.", place: "stacks/shop.ts:5:9", resource: null },
  ]);
});

it("what fails inside an output is reported with the resource that waits for it", async () => {
  const found = await faults(`
    const queue = new aws.sqs.Queue("Jobs", { name: "jobs" });
    new aws.sns.Topic("News", { name: queue.arn.apply(() => { throw new TypeError("not like this"); }) });`);

  expect(found).toEqual([
    {
      error: "TypeError",
      message: "not like this",
      place: "sst.config.ts:8:69",
      resource: "aws:sns/topic:Topic News",
    },
  ]);
});

it("a resource type and a call that the renderer cannot answer are named, with what to do", async () => {
  const found = await faults(`
    new aws.ec2.Vpc("Net", { cidrBlock: "10.0.0.0/16" });
    return { zones: aws.getAvailabilityZonesOutput().names };`);

  expect(found.map(({ error }) => error).sort()).toEqual(["UnknownProviderCall", "UnknownResourceType"]);
  expect(found.find(({ error }) => error === "UnknownResourceType")).toMatchObject({
    resource: "aws:ec2/vpc:Vpc Net",
    message: expect.stringContaining("packages/local/src/render/identity.ts"),
  });
});

it("a program that waits for what never comes is reported, with the resources that wait", async () => {
  const found = await faults(`
    new aws.sqs.Queue("Jobs", { name: new Promise(() => {}) });
    await new Promise(() => {});`);

  expect(found).toMatchObject([
    { error: "ProgramUnfinished", message: expect.stringContaining("aws:sqs/queue:Queue Jobs") },
  ]);
});

it("a program that does not parse is reported with the place", async () => {
  const found = await faults("    const = 3;");

  expect(found).toMatchObject([{ message: expect.stringMatching(/sst\.config\.ts:6:\d+: ERROR/) }]);
});

it("a folder without the platform is told how to install it", async () => {
  const root = mkdtempSync(path.join(tmpdir(), "penstock-bare-"));
  try {
    await expect(renderProgram({ root, stage: "test" })).rejects.toMatchObject({
      name: "PlatformMissing",
      message: expect.stringContaining("sst install"),
    });
  } finally {
    rmSync(root, { recursive: true });
  }
});
