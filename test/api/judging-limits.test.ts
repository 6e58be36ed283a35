import { beforeEach, expect, it } from "vitest";
import { ownerMark } from "../../packages/assets/src/uploads/index.ts";
import { blackPng } from "../assets/pictures.ts";
import { wantedCampaign } from "./campaign-fixtures.ts";
import { TestApp } from "./test-app.ts";

const upload_id = "20260131T000000Z_6f9619ff-8b86-4d01-b42d-00cf4fc964ff.png";
const ben = { subject: "ben", person: true } as const;
const STATUS = `/api/upload/status/${upload_id}`;

let at: TestApp;
beforeEach(() => {
  at = new TestApp();
  at.campaigns.rates = { ...at.campaigns.rates, judge: { burst: 2, perHour: 60 } };
  for (const who of ["ana", "ben"])
    at.campaigns.uploads.arrive(`uploads/${who}/${upload_id}`, blackPng(12, 9), "image/png", ownerMark(who));
});
const campaignOf = (image: object) =>
  at.ask("POST", "/api/campaign/tier-1", { body: { ...wantedCampaign, image } });

it("looks at one picture again and again are limited for each user, whichever route looks", async () => {
  const first = await at.ask("GET", STATUS);
  const second = await campaignOf({ upload_id });
  const { read } = at.campaigns.uploads;

  const refused = await at.problem("GET", STATUS);
  const uploaded = await campaignOf({ upload_id });
  const inline = await campaignOf(wantedCampaign.image);
  const others = await at.ask("GET", STATUS, { caller: ben });
  at.now += Number(refused.headers.get("retry-after")) * 1000;
  const later = await at.ask("GET", STATUS);

  expect([first.status, second.status]).toEqual([200, 422]);
  expect([refused.status, refused.type, refused.headers.get("retry-after")]).toEqual([
    429,
    "urn:penstock:problem:too-many-requests",
    "60",
  ]);
  expect([uploaded.status, inline.status]).toEqual([429, 429]);
  expect(at.campaigns.limited).toEqual(["judge", "judge", "judge"]);
  expect([others.status, later.status]).toEqual([200, 200]);
  // Whoever was sent away had nothing read: the two others had as much as the first two.
  expect(at.campaigns.uploads.read).toBe(2 * read);
});

it("an upload that never came is asked for within the same limit", async () => {
  at.campaigns.uploads.all.clear();

  const asked = [await at.ask("GET", STATUS), await at.ask("GET", STATUS), await at.ask("GET", STATUS)];

  expect(asked.map(({ status }) => status)).toEqual([404, 404, 429]);
});

it("an equal request takes a permit to be judged, and none for a campaign", async () => {
  at.campaigns.rates = { ...at.campaigns.rates, campaign: { burst: 1, perHour: 1 } };
  const made = await campaignOf(wantedCampaign.image);

  const again = await campaignOf(wantedCampaign.image);
  const third = await campaignOf(wantedCampaign.image);

  expect([made.status, again.status, third.status]).toEqual([200, 200, 429]);
  expect(at.campaigns.limited).toEqual(["judge"]);
});
