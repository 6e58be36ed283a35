import { type Encoding, encodings } from "../dna/hostile-encodings.ts";
import { campaignMark } from "./campaign-acts.ts";
import { type CampaignPayload, campaignPayloads } from "./campaign-payloads.ts";

/** Where a payload stands: in what the customer wrote, and in what others say of the product. */
export const carriers = [
  "name",
  "description",
  "category",
  "objective",
  "audience",
  "label name",
  "label category",
  "video title",
  "video description",
  "channel name",
  "stored insight",
] as const;
export type Carrier = (typeof carriers)[number];

/** A campaign in which one text means to instruct the model. */
export interface HostileProduct {
  readonly number: number;
  readonly carrier: Carrier;
  readonly encoding: string;
  readonly payload: CampaignPayload;
  /** The payload as it is written there. */
  readonly said: string;
}

/** Campaigns of every carrier and encoding with all payloads, ever the same ones. */
export function hostileProducts(): HostileProduct[] {
  const [plain, ...others] = encodings.filter(({ file }) => file === undefined);
  if (plain === undefined) throw new Error("no encoding");
  const english = campaignPayloads.filter(({ language }) => language === "en");
  const wanted: [CampaignPayload, Carrier, Encoding][] = [
    ...campaignPayloads.flatMap((payload, at): [CampaignPayload, Carrier, Encoding][] => [
      [payload, pick(carriers, at), plain],
      [payload, pick(carriers, at * 3 + 5), plain],
    ]),
    ...others.flatMap((encoding, which) =>
      [0, 1, 2, 3].map((step): [CampaignPayload, Carrier, Encoding] => [
        pick(encoding.latin ? english : campaignPayloads, step * 7 + which * 3),
        pick(carriers, step * 3 + which),
        encoding,
      ]),
    ),
  ];
  return wanted.map(([payload, carrier, encoding], number) => ({
    number,
    carrier,
    encoding: encoding.name,
    payload,
    said: encoding.write(`${payload.text} ${campaignMark(payload.act)}`),
  }));
}

function pick<Value>(from: readonly Value[], at: number): Value {
  const found = from[at % from.length];
  if (found === undefined) throw new Error("nothing to pick from");
  return found;
}
