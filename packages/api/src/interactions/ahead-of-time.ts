/** Some of a batch are said to happen later than now; nothing of it was sent. */
export class AheadOfTime extends Error {
  override readonly name = "AheadOfTime";
  /** Which of the batch, from 0. */
  readonly places: readonly number[];

  constructor(places: readonly number[]) {
    super(`${places.length} of the interactions lie in the future: errors names them. Nothing was taken.`);
    this.places = places;
  }
}
