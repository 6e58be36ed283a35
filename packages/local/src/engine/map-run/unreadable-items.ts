/** Why a dataset yields no items, in AWS's words where they are known: the cause of `States.ItemReaderFailed`. */
export class UnreadableItems extends Error {
  override readonly name = "UnreadableItems";
}
