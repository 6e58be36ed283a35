import { type FoundLabel, LABEL_TEXT } from "@penstock/contracts";
import { textFlags } from "@penstock/runtime/flags";
import { plainLine } from "../text/clean-text.ts";
import type { DetectedLabel } from "./label-detector.ts";

/** Categories of a label that are kept; Rekognition gives one. */
const CATEGORIES = 5;

/** Rekognition's labels as the record has them, the surest first. One that may be meant to instruct a model is flagged. */
export function labelsOf(labels: readonly DetectedLabel[]): FoundLabel[] {
  return labels
    .flatMap((label) => {
      const categories = (label.Categories ?? []).flatMap(({ Name }) => text(Name)).slice(0, CATEGORIES);
      const words = [label.Name, ...(label.Categories ?? []).map(({ Name }) => Name)];
      return text(label.Name).map((name) => ({
        name,
        confidence: Math.min(100, Math.max(0, label.Confidence ?? 0)),
        categories,
        instances: label.Instances?.length ?? 0,
        flagged: words.some((word) => word !== undefined && textFlags(word).length > 0),
      }));
    })
    .sort((left, right) => right.confidence - left.confidence || (left.name < right.name ? -1 : 1));
}

/** As one line, cut; none where nothing is left. */
function text(word: string | undefined): string[] {
  const line = [...plainLine(word ?? "")].slice(0, LABEL_TEXT).join("").trim();
  return line === "" ? [] : [line];
}
