import { draws } from "../sample/random.ts";
import { cardNumber, socialSecurityNumber } from "../sample/shapes.ts";
import { archive } from "./archive.ts";
import {
  connections,
  friends,
  kontoauszug,
  notes,
  playtime,
  statement,
  streamingHistory,
  viewingActivity,
  watchHistory,
} from "./contents.ts";
import { type PlantedExport, readable } from "./planted-export.ts";

/** Larger than what is read unasked: 10 MiB. */
const LARGE_BYTES = 11 * 1024 * 1024;

/** The eight bytes that every PNG begins with, and what no text has. */
const PICTURE = Uint8Array.from([
  0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0, 255, 254, 1, 0, 2,
]);

/** How many people the exports are of. */
export const PEOPLE = 2;

/**
 * Exports of two people, of every format that is read: a table in an older encoding, JSON whose texts were encoded twice, a
 * ZIP, numbers of a card and of persons, one file that means to instruct a model, one that is a picture, one that is too large.
 */
export async function sampleExports(seed: number): Promise<readonly PlantedExport[]> {
  const draw = draws(seed, "exports");
  const card = cardNumber(draw, 16);
  const zippedCard = cardNumber(draw, 16);
  const ssn = socialSecurityNumber(draw);
  const zipped = await archive({
    "bank/statement.csv": statement(draw, 30, [`paid by ${zippedCard}`]),
    "music/StreamingHistory.json": streamingHistory(draw, 40),
    "__MACOSX/._statement.csv": "\u0000\u0005\u0016\u0007",
  });
  const row = statement(draw, 1).split("\n")[1] ?? "";
  const large = `Date,Description,Amount\n${`${row}\n`.repeat(Math.ceil(LARGE_BYTES / (row.length + 1)))}`;
  const bare = { secrets: [], person: 1 };
  return [
    readable(0, "card.csv", statement(draw, 60, [`CARD ${card}`]), ["financial"], { secrets: [card] }),
    readable(0, "netflix/ViewingActivity.csv", viewingActivity(draw, 80), ["entertainment"]),
    readable(0, "spotify/StreamingHistory0.json", streamingHistory(draw, 120), ["entertainment"]),
    readable(0, "friends.json", friends(draw), ["social"]),
    readable(0, "Connections.csv", connections(draw), ["professional"]),
    readable(0, "games.jsonl", playtime(draw, 40), ["entertainment"]),
    readable(0, "watch-history.html", watchHistory(draw, 30), ["entertainment"]),
    readable(0, "takeout.zip", zipped, ["entertainment", "financial"], { secrets: [zippedCard] }),
    readable(1, "Umsätze.csv", kontoauszug(draw, 50, ssn), ["financial"], { secrets: [ssn] }),
    readable(1, "notes.txt", notes(), ["entertainment", "professional", "social"], { flagged: true }),
    {
      ...bare,
      file: "picture.png",
      bytes: PICTURE,
      outcome: { status: "refused", reason: "binary", categories: [], flagged: false },
    },
    {
      ...bare,
      file: "everything.csv",
      bytes: Buffer.from(large, "utf8"),
      outcome: { status: "skipped", reason: "too_large_for_automatic", categories: [], flagged: false },
    },
  ];
}
