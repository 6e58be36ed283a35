import type { AssetsSettings } from "@penstock/assets";

/** Own part of the stage's settings of pictures that are drawn, and of uploads. */
export interface AssetsStageSettings
  extends Pick<
    AssetsSettings,
    | "imageModel"
    | "recordDays"
    | "lostMinutes"
    | "functionSeconds"
    | "receives"
    | "uploadSeconds"
    | "uploadBytes"
    | "pixels"
    | "rates"
  > {
  /** Most pictures that one campaign asks for. */
  readonly mostPerCampaign: number;
  /** From when on a picture is in the class of Glacier that is read at once, and served all the same. */
  readonly glacierDays: number;
  /** How long a message is hidden once it is received: AWS advises six times `functionSeconds`. */
  readonly visibilitySeconds: number;
  /** Messages that the function gets at once, and batches that are drawn side by side. */
  readonly batch: number;
  readonly concurrency: number;
  readonly memoryMb: number;
  /** A picture that waits for longer raises the alarm. */
  readonly waitingSeconds: number;
  /** Pictures a day that operations are told of. */
  readonly dailyImages: number;
}

/** The same for every stage. */
export const assets: AssetsStageSettings = {
  imageModel: {
    adapter: "stability",
    modelId: "stability.stable-image-core-v1:1",
    // Stability's models are in no other region of the United States.
    region: "us-west-2",
    seconds: 40,
    // A picture, USD. Source: https://aws.amazon.com/bedrock/pricing/, November 2026.
    priceUsd: 0.04,
  },
  mostPerCampaign: 3,
  recordDays: 30,
  lostMinutes: 60,
  glacierDays: 90,
  visibilitySeconds: 300,
  receives: 3,
  batch: 5,
  concurrency: 5,
  functionSeconds: 50,
  memoryMb: 1024,
  waitingSeconds: 900,
  uploadSeconds: 900,
  // Rekognition takes no more.
  uploadBytes: 15_000_000,
  pixels: { side: [80, 10_000], most: 40_000_000 },
  rates: {
    image: { burst: 10, perHour: 60 },
    upload: { burst: 20, perHour: 120 },
    // A form's upload is asked for again and again until it is there.
    judge: { burst: 30, perHour: 600 },
  },
  dailyImages: 2000,
};
