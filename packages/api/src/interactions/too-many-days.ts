/** A batch is of more days than one may be of; nothing of it was sent. */
export class TooManyDays extends Error {
  override readonly name = "TooManyDays";

  constructor(days: number, most: number) {
    super(
      `The interactions happened on ${days} different days in UTC; a batch is of ${most} at most. Nothing was taken: sort by day what lies long ago, and send it in several batches, the earliest days first.`,
    );
  }
}
