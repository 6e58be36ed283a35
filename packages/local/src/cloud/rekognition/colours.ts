/** Colours that are told apart. */
export type ColourName =
  | "Black"
  | "White"
  | "Gray"
  | "Red"
  | "Orange"
  | "Brown"
  | "Beige"
  | "Yellow"
  | "Green"
  | "Teal"
  | "Blue"
  | "Purple"
  | "Pink";

/** Hues in degrees up to which a colour goes. */
const HUES: readonly (readonly [number, ColourName])[] = [
  [15, "Red"],
  [45, "Orange"],
  [70, "Yellow"],
  [165, "Green"],
  [195, "Teal"],
  [255, "Blue"],
  [290, "Purple"],
  [345, "Pink"],
  [360, "Red"],
];

/** What a pixel's colour is called, by hue, saturation and value; its parts are from 0 to 255. */
export function colourOf(red: number, green: number, blue: number): ColourName {
  const most = Math.max(red, green, blue);
  const range = most - Math.min(red, green, blue);
  const value = most / 255;
  const saturation = most === 0 ? 0 : range / most;
  if (value < 0.2) return "Black";
  if (saturation < 0.12) return value > 0.85 ? "White" : value < 0.3 ? "Black" : "Gray";
  const hue = HUES.find(([upTo]) => hueOf(red, green, blue, most, range) < upTo)?.[1] ?? "Red";
  if (hue === "Orange" || hue === "Yellow") {
    if (saturation < 0.35 && value > 0.7) return "Beige";
    if (hue === "Orange" && value < 0.6) return "Brown";
  }
  if (hue === "Red" && saturation < 0.5 && value > 0.7) return "Pink";
  if (hue === "Pink" && value < 0.5) return "Purple";
  return hue;
}

/** Degrees from 0 to 360. */
function hueOf(red: number, green: number, blue: number, most: number, range: number): number {
  const sector =
    most === red
      ? (green - blue) / range
      : most === green
        ? 2 + (blue - red) / range
        : 4 + (red - green) / range;
  return (sector * 60 + 360) % 360;
}
