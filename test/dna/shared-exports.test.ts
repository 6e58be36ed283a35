import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { dnaCategories } from "@penstock/contracts";
import { describe, expect, it } from "vitest";
import { offlineRun } from "./offline-run.ts";

const folder = fileURLToPath(new URL("../../../shared/data/personal_exports", import.meta.url));
const absent = !existsSync(folder);

/** Records of each file, as the folder's own description counts them. */
const records: Readonly<Record<string, number>> = {
  "linkedin_connections.csv": 10,
  "linkedin_messages.csv": 11,
  "chase_card.csv": 8,
  "amex_card.csv": 8,
  "mint_transactions.csv": 7,
  "venmo_transactions.csv": 50,
  "bank_checking.csv": 10,
  "fidelity_history.csv": 21,
  "netflix_viewing_history.csv": 79,
  "netflix_viewing_activity.csv": 79,
  "spotify_streaming_history.json": 400,
  "facebook_your_friends.json": 40,
  "instagram_liked_posts.json": 60,
};

/** Files with the categories that they are of. */
async function manifest(): Promise<[file: string, categories: string][]> {
  const lines = (await readFile(path.join(folder, "manifest.csv"), "utf8")).trim().split("\n").slice(1);
  return lines.map((line) => {
    const [file = "", categories = ""] = line.split(",");
    return [file, categories.split(";").sort().join(";")];
  });
}

describe.skipIf(absent && process.env.CI === undefined)(
  `the exports that others made${absent ? " (skipped: ../shared/data/personal_exports is not there)" : ""}`,
  () => {
    it("are read whole, told their categories by the local rules, and none is flagged", async () => {
      await using run = await offlineRun();
      const expected = await manifest();
      const found: Record<string, object> = {};

      for (const [file] of expected) {
        const { state, facts, categories, flags } = await run.process(
          file,
          await readFile(path.join(folder, file)),
        );
        const told = dnaCategories.filter((category) => categories[category].items.length > 0);
        found[file] = { state, records: facts.records, categories: told.sort().join(";"), flags };
      }
      const personas = await run.personas();

      expect(found).toEqual(
        Object.fromEntries(
          expected.map(([file, categories]) => [
            file,
            { state: "categorised", records: records[file], categories, flags: [] },
          ]),
        ),
      );
      expect(Object.keys(records)).toHaveLength(13);
      expect(Object.keys(personas).sort()).toEqual([...dnaCategories].sort());
      expect(personas.entertainment?.traits.favourites).toContain("Chef's Table");
      expect(personas.financial?.traits.subscriptions).toContain("NETFLIX.COM");
      expect(personas.social?.sources).toContain("venmo_transactions.csv");
    });
  },
);
