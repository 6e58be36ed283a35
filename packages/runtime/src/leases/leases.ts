/**
 * A named right that one owner holds for a while. Guards a pair of objects that must change together; it ends by
 * itself, so that a crashed owner blocks nobody for good.
 */
export interface Leases {
  /**
   * True when `owner` now holds `name` for `seconds`: it was free, had run out, or was the owner's already (the same
   * execution that tries again gets it back).
   */
  acquire(name: string, owner: string, seconds: number): Promise<boolean>;
  /** Gives the lease back; one that another owner holds by now is left alone. */
  release(name: string, owner: string): Promise<void>;
}
