import type { ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FileOutcome, Personas, UserId } from "../../packages/contracts/src/index.ts";
import { erasePerson, readPersonas } from "../../packages/local/src/exports/send-exports.ts";
import { apiCaller } from "../../packages/local/src/main-job/call-api.ts";
import { eventually } from "./clients.ts";
import { type Announced, CommandLine } from "./command-line.ts";

const line = new CommandLine();
let dev: ChildProcess;
let cloud: Announced;
const viewing = join(line.directory, "ViewingActivity.csv");
const picture = join(line.directory, "picture.png");

const Sent = v.object({ user: UserId, files: v.array(FileOutcome) });

beforeAll(async () => {
  ({ process: dev, announced: cloud } = await line.dev());
  writeFileSync(
    viewing,
    "Title,Date\nDark: Season 1: Secrets,1/2/26\nDark: Season 1: Lies,1/3/26\nOkja,1/4/26\n",
  );
  writeFileSync(picture, Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0]));
}, 120_000);
afterAll(() => {
  dev?.kill("SIGKILL");
  line.remove();
});

describe("penstock exports", () => {
  test("uploads a person's files, and says what became of each; personas then say what they tell", {
    timeout: 120_000,
  }, async () => {
    const args = ["exports", "--email", "Ada@Example.org", "--json"];

    const first = await line.run([...args, viewing]);
    const again = await line.run([...args, viewing, picture]);

    const { user, files } = v.parse(Sent, JSON.parse(first.stdout));
    expect([first.code, first.stderr]).toEqual([0, ""]);
    expect(files).toMatchObject([
      { file: "ViewingActivity.csv", status: "processed", items: { entertainment: 2 } },
    ]);
    expect(again.code).toBe(1);
    expect(v.parse(Sent, JSON.parse(again.stdout))).toMatchObject({
      user,
      files: [{ etag: files[0]?.etag }, { file: "picture.png", status: "refused", reason: "binary" }],
    });

    const told = await eventually(async () => {
      const { code, stdout } = await line.run(["personas", user, "--json"]);
      return code === 0 ? v.parse(Personas, JSON.parse(stdout)) : undefined;
    });
    expect(told.entertainment?.traits.favourites).toEqual(["Dark", "Okja"]);
    expect((await line.run(["personas", user])).stdout).toContain("Entertainment Profile, ");
    await erasedThen(user);
  });

  test.each([
    [["exports", "file.csv"], /--email: Give the person's e-mail address/],
    [["exports", "--email", "nobody", "file.csv"], /Give an e-mail address/],
    [["exports", "--email", "a@b"], /Name the files to upload/],
    [["exports", "--email", "a@b", "nowhere.csv"], /nowhere.csv is no file/],
    [["personas"], /Name one person/],
    [["personas", "a@b"], /Name one person/],
  ])("takes no %j", async (args, message) => {
    const { code, stderr } = await line.run(args);

    expect([code, message.test(stderr)]).toEqual([2, true]);
  });
});

/** Erases over the API, twice, and waits until nothing is known any more. */
async function erasedThen(user: string): Promise<void> {
  const { signal } = new AbortController();
  const exports = await apiCaller({ httpApis: cloud }, "penstock/exports", signal);
  const personas = await apiCaller({ httpApis: cloud }, "penstock/personas", signal);

  const first = await erasePerson(exports, user);
  await eventually(async () => ((await readPersonas(personas, user)) === undefined ? true : undefined));

  expect(await erasePerson(exports, user)).toBe(first);
  await eventually(async () => {
    const shown = await line.run(["show", first, "--json"]);
    return /"status": "SUCCEEDED"/.test(shown.stdout) ? true : undefined;
  });
}
