import type { ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CampaignState, ImageStatus, UploadStatus } from "@penstock/contracts";
import { decodeJwt } from "jose";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cupPicture } from "../../packages/local/src/main-job/campaign/cup-picture.ts";
import { CommandLine } from "./command-line.ts";

const line = new CommandLine();
let dev: ChildProcess;
const picture = join(line.directory, "cup.png");
const text = join(line.directory, "text.png");

beforeAll(async () => {
  ({ process: dev } = await line.dev());
  writeFileSync(picture, await cupPicture("#b3261e"));
  writeFileSync(text, "no picture");
}, 180_000);
afterAll(() => {
  dev?.kill("SIGKILL");
  line.remove();
});

describe("against the cloud that penstock dev runs", { timeout: 180_000 }, () => {
  test("penstock upload says what arrived, by its bytes", async () => {
    const good = await line.run(["upload", picture, "--user", "ana", "--json"]);
    const bad = await line.run(["upload", text, "--user", "ana"]);

    expect([good.code, bad.code]).toEqual([0, 1]);
    expect(v.parse(UploadStatus, JSON.parse(good.stdout))).toMatchObject({
      status: "uploaded",
      content_type: "image/png",
    });
    expect(bad.stdout).toMatch(/^rejected {2}\S+ {2}not_an_image, 10 bytes$/m);
  });

  test("penstock campaign makes one, and prints it", async () => {
    const { code, stdout } = await line.run([
      "campaign",
      ...["--image", picture, "--name", "Cup", "--objective", "Become known", "--market", "germany"],
      ...["--tier", "2", "--user", "ana", "--json"],
    ]);

    expect(code).toBe(0);
    expect(v.parse(CampaignState, JSON.parse(stdout))).toMatchObject({
      status: "completed",
      generation_method: "sequential",
      model: { offline: true },
      product: { product_name: "Cup" },
    });
  });

  test("penstock campaign makes none of what is no picture", async () => {
    const { code, stderr } = await line.run([
      "campaign",
      ...["--image", text, "--name", "Cup", "--objective", "Sell", "--market", "DE"],
    ]);

    expect([code, stderr]).toEqual([1, expect.stringContaining("not_an_image")]);
  });

  test("penstock image has one drawn, and prints where it is", async () => {
    const { code, stdout } = await line.run(["image", "--prompt", "A cup", "--json"]);

    const status = v.parse(ImageStatus, JSON.parse(stdout));
    if (status.status !== "completed") expect.unreachable(stdout);
    const served = await fetch(status.s3_url);
    await served.body?.cancel();
    expect([code, served.status, served.headers.get("content-type")]).toEqual([0, 200, "image/png"]);
  });

  test("penstock token gives a person's, and a program's without a name", async () => {
    const [ana, program] = await Promise.all([
      line.run(["token", "--user", "ana", "--scope", "penstock/campaigns"]),
      line.run(["token", "--scope", "penstock/campaigns"]),
    ]);

    expect(decodeJwt(ana.stdout.trim())).toMatchObject({ username: "ana", scope: "penstock/campaigns" });
    expect(decodeJwt(program.stdout.trim())).not.toHaveProperty("username");
  });
});
