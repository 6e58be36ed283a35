/** An error that a service answers to its caller, named as AWS names it. */
export class AwsError extends Error {
  /** The code on the wire: `ResourceNotFoundException`, `NoSuchKey`. */
  readonly code: string;
  readonly status: number;
  /** What else of the answer's head belongs to the error. */
  readonly headers: Readonly<Record<string, string>>;
  /** What else S3 says of it, each an element of its document. */
  readonly details: Readonly<Record<string, string>>;

  constructor(
    code: string,
    message: string,
    status = 400,
    headers: Readonly<Record<string, string>> = {},
    details: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.headers = headers;
    this.details = details;
    this.name = code;
    this.code = code;
    this.status = status;
  }
}

/**
 * The call names something that the local cloud does not have. It says so instead of pretending: a green run here must
 * not rest on a feature that was skipped.
 */
export class NotImplemented extends AwsError {
  constructor(service: string, what: string) {
    super("NotImplemented", `The local cloud does not implement ${service} ${what}.`, 501);
  }
}
