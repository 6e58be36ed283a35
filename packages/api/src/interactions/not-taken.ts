/** The stream did not take some of a batch, however often it was asked; the others are in it. */
export class NotTaken extends Error {
  override readonly name = "NotTaken";
  /** Which of the batch, from 0. */
  readonly places: readonly number[];

  constructor(places: readonly number[]) {
    super(
      `The stream is too busy for ${places.length} of the interactions: errors names them. Send them again in a few seconds; what was taken already does no harm when it comes twice.`,
    );
    this.places = places;
  }
}
