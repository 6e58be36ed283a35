import type { FileName, FileOutcomes, PersonRegistered, UserId } from "@penstock/contracts";

/** How somebody stands who was registered once. */
export type PersonStatus = "active" | "erased";

/** A page of the outcomes of somebody's files. */
export interface OutcomesPage {
  /** In order of their names. */
  readonly files: FileOutcomes["files"];
  /** Goes on with the files after this one; undefined on the last page. */
  readonly last: FileName | undefined;
}

/** Who there is, by opaque ids, and what became of their files. Nobody's address is known here, only keyed hashes. */
export interface People {
  /**
   * The id that stands for an address, a new one where nobody has it. Of several at once all get the same. Somebody who was
   * erased and comes again is somebody new.
   * @param hash by `emailHash`
   */
  register(hash: string): Promise<PersonRegistered>;
  /** As of now; undefined for an id that was never given. */
  status(user: UserId): Promise<PersonStatus | undefined>;
  outcomes(
    user: UserId,
    page: { readonly limit: number; readonly after: FileName | undefined },
  ): Promise<OutcomesPage>;
  /**
   * Removes what the tables know of somebody who was marked as erased: the outcomes of the files, and the way from the
   * address to the id. The mark itself stays, without the hash. Done twice, the second finds nothing.
   * @returns how many items are gone
   * @throws {InvalidInput} for somebody who is not marked as erased
   */
  forget(user: UserId): Promise<number>;
}
