import type { AspectRatio, ImageStyle } from "@penstock/contracts";
import type { NamedError } from "@penstock/runtime/errors";

/** What is to be drawn. The same is drawn from the same seed. */
export interface Drawing {
  readonly prompt: string;
  readonly style: ImageStyle;
  readonly aspectRatio: AspectRatio;
  /** From 1 to 858,993,459. */
  readonly seed: number;
}

/** What came of asking a model for a picture. Whatever is not told here for sure counts as `unknown`: it may have been paid. */
export type DrawOutcome =
  | {
      readonly outcome: "drawn";
      readonly bytes: Uint8Array;
      /** Who drew it. */
      readonly model: string;
      readonly offline: boolean;
    }
  /** The service answered that it drew nothing, and may draw it another time. */
  | { readonly outcome: "not_paid"; readonly error: NamedError }
  /** It will not be drawn, however often it is asked for. */
  | { readonly outcome: "filtered" }
  | { readonly outcome: "refused"; readonly why: string }
  /** No answer, or none that tells. `why`: a code or the name of an error, as of "refused". */
  | { readonly outcome: "unknown"; readonly why: string };

/** A model that draws. It is asked once a call, by itself never again. */
export interface ImageModel {
  draw(drawing: Drawing): Promise<DrawOutcome>;
}
