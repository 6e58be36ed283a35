import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { renderCommand } from "../../packages/local/src/cli/render.ts";

let printed: string;
let complained: string;

beforeEach(() => {
  printed = "";
  complained = "";
  vi.spyOn(console, "log").mockImplementation((line) => {
    printed += `${line}\n`;
  });
  vi.spyOn(console, "error").mockImplementation((line) => {
    complained += `${line}\n`;
  });
});
afterEach(() => vi.restoreAllMocks());

describe("penstock render", () => {
  it("lists every resource by type, with its id in AWS", async () => {
    expect(await renderCommand([])).toBe(0);

    expect(printed).toMatch(/^penstock · stage local · us-east-1 · account 000000000000$/m);
    expect(printed).toMatch(/^aws:sqs\/queue:Queue$/m);
    expect(printed).toMatch(
      /^ {2}DeadLetters +https:\/\/sqs\.us-east-1\.amazonaws\.com\/000000000000\/penstock-local-dead-letters$/m,
    );
    expect(printed).toMatch(/^\d+ resources, 40 functions, 7 state machines$/m);
  });

  it("prints one machine's definition as JSON", async () => {
    expect(await renderCommand(["--workflow", "raw-to-curated"])).toBe(0);

    expect(JSON.parse(printed)).toMatchObject({
      QueryLanguage: "JSONata",
      States: {
        Inspect: { Arguments: { FunctionName: expect.stringMatching(/:function:penstock-local-Inspect$/) } },
      },
    });
  });

  it("prints the whole graph as JSON, of whichever stage", async () => {
    expect(await renderCommand(["--json", "--stage", "production"])).toBe(0);

    expect(JSON.parse(printed)).toMatchObject({
      app: "penstock",
      stage: "production",
      functions: expect.any(Array),
    });
  });

  it.each([
    [
      ["--workflow", "nightly"],
      1,
      /There is no workflow "nightly"\. There are: campaign, curated-to-prod, digital-dna, feature-pipeline, on-failure, raw-to-curated, reconcile\./,
    ],
    [["--stage", "../x"], 1, /InvalidStage: "\.\.\/x" is no name for a stage/],
    [["--flow"], 2, /Unknown option '--flow'[\s\S]*penstock render \[--workflow NAME\]/],
    [["raw-to-curated"], 2, /Unexpected argument 'raw-to-curated'[\s\S]*penstock render/],
  ])("%s is answered with what is wrong", async (args, code, complaint) => {
    expect(await renderCommand(args)).toBe(code);

    expect(complained).toMatch(complaint);
    expect(printed).toBe("");
  });
});
