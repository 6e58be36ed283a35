import type { Computed } from "./feature-order.ts";

/**
 * How far the online store may be: the latest features that anybody ever began to publish. It is raised before the first
 * of them is written, so that nothing later than it is there, whatever has crashed since.
 */
export interface OnlineMark {
  /**
   * Raises the mark to these features. True when it stands there now: all that is online is theirs or earlier. False when
   * it stands at later ones, of which any may be there.
   * @throws Throttled
   */
  raise(features: Computed): Promise<boolean>;
}
