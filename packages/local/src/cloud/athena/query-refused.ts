/** What is wrong is the caller's, as Athena tells it apart from faults of its own. The message begins with Trino's code. */
export class QueryRefused extends Error {
  override readonly name = "QueryRefused";
}

/** Reading what the query asks for would take more bytes than its workgroup allows. */
export class CutOff extends Error {
  override readonly name = "CutOff";
  readonly bytes: number;

  /** @param bytes that it allows */
  constructor(bytes: number) {
    super("Bytes scanned limit was exceeded");
    this.bytes = bytes;
  }
}
