import type { PixelFacts } from "./pixel-facts.ts";

/** Says in every answer that it was not Rekognition who looked. */
export const offlineLabels = "penstock-offline-pixel-statistics";

/** A label as Rekognition gives it. */
export interface OfflineLabel {
  readonly Name: string;
  /** Percent. */
  readonly Confidence: number;
}

/** Shares of pixels from which on a colour is one of the picture's. */
const COLOUR = 0.08;
const TRANSPARENT = 0.05;
const PLAIN = 0.8;
const ROUGH = 0.05;
const [DARK, BRIGHT] = [0.35, 0.7];
/** Width by height from which on a picture is a banner. */
const BANNER = 3;

/** Between 75 and 99.9 percent, in thousandths. */
function confidence(share: number): number {
  return Math.round((75 + 24.9 * Math.min(1, Math.max(0, share))) * 1000) / 1000;
}

/**
 * Labels of a picture by what its pixels tell, the surest first: colours, light, edges. What the thing is, pixels do not
 * tell, and nobody looks at what the file is called.
 */
export function labelsOf(facts: PixelFacts): OfflineLabel[] {
  const { colours, brightness, transparent, plainEdges, texture, width, height } = facts;
  const said: readonly (readonly [name: string, holds: boolean, share: number])[] = [
    ...[...colours].map(([name, share]) => [name, share >= COLOUR, share * 1.5] as const),
    ["Dark", brightness < DARK, (DARK - brightness) / DARK],
    ["Bright", brightness > BRIGHT, (brightness - BRIGHT) / (1 - BRIGHT)],
    ["Cut Out", transparent >= TRANSPARENT, 0.6 + transparent],
    ["Plain Background", plainEdges >= PLAIN, plainEdges],
    ["Texture", texture >= ROUGH, texture * 5],
    ["Banner", width / height >= BANNER, 1],
  ];
  return said
    .filter(([, holds]) => holds)
    .map(([Name, , share]) => ({ Name, Confidence: confidence(share) }))
    .sort((left, right) => right.Confidence - left.Confidence || (left.Name < right.Name ? -1 : 1));
}
