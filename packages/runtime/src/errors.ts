/**
 * The errors of the runtime. `Error.name` is the interface: Lambda reports it as `errorType`, and a `Retry` or `Catch`
 * of a state machine matches it. The names are therefore literals here, which a minifier cannot change.
 */
export const ErrorNames = {
  InvalidInput: "InvalidInput",
  ContractViolation: "ContractViolation",
  UnsupportedFile: "UnsupportedFile",
  UnsupportedSql: "UnsupportedSql",
  TooLarge: "TooLarge",
  ObjectMissing: "ObjectMissing",
  ObjectBusy: "ObjectBusy",
  ObjectChanged: "ObjectChanged",
  CleanRowsExpired: "CleanRowsExpired",
  ConfigurationMissing: "ConfigurationMissing",
  AccessDenied: "AccessDenied",
  QueryFailed: "QueryFailed",
  OutOfMemory: "OutOfMemory",
  Throttled: "Throttled",
  UpstreamUnavailable: "UpstreamUnavailable",
  ModelThrottled: "ModelThrottled",
  ModelOutputInvalid: "ModelOutputInvalid",
  ModelBudgetSpent: "ModelBudgetSpent",
  PersonGone: "PersonGone",
  UnusableImage: "UnusableImage",
  Unexpected: "Unexpected",
} as const;

/** Any name under which a task of Penstock fails. */
export type ErrorName = (typeof ErrorNames)[keyof typeof ErrorNames];

/** An error with a name of {@link ErrorNames}. The message holds no value of a row: it goes into logs and notices. */
export class NamedError extends Error {
  override readonly name: ErrorName;

  constructor(name: ErrorName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
  }
}

/** The input of a task does not have its shape; trying again cannot help. */
export class InvalidInput extends NamedError {
  constructor(message: string, options?: ErrorOptions) {
    super(ErrorNames.InvalidInput, message, options);
  }
}

/** Data break a contract in a way that no row can be blamed for. */
export class ContractViolation extends NamedError {
  constructor(message: string, options?: ErrorOptions) {
    super(ErrorNames.ContractViolation, message, options);
  }
}

/** A file that cannot be read as what it should be (not Parquet, truncated, a type nobody maps). */
export class UnsupportedFile extends NamedError {
  constructor(message: string, options?: ErrorOptions) {
    super(ErrorNames.UnsupportedFile, message, options);
  }
}

/** A query uses a construct outside the subset that means the same on every engine. */
export class UnsupportedSql extends NamedError {
  constructor(message: string, options?: ErrorOptions) {
    super(ErrorNames.UnsupportedSql, message, options);
  }
}

/** More than the task may take (bytes, rows, columns); the message names the limit. */
export class TooLarge extends NamedError {
  constructor(message: string, options?: ErrorOptions) {
    super(ErrorNames.TooLarge, message, options);
  }
}

/** The object is not there: deleted between event and read, or never written. */
export class ObjectMissing extends NamedError {
  constructor(message: string, options?: ErrorOptions) {
    super(ErrorNames.ObjectMissing, message, options);
  }
}

/** Clean rows that features are computed from have expired, though they could be made again; the message says how. */
export class CleanRowsExpired extends NamedError {
  constructor(message: string, options?: ErrorOptions) {
    super(ErrorNames.CleanRowsExpired, message, options);
  }
}

/** Another execution holds the lease of the object; worth trying again. */
export class ObjectBusy extends NamedError {
  constructor(message: string, options?: ErrorOptions) {
    super(ErrorNames.ObjectBusy, message, options);
  }
}

/** The object is no longer the one that was looked at, or arrived incomplete. */
export class ObjectChanged extends NamedError {
  constructor(message: string, options?: ErrorOptions) {
    super(ErrorNames.ObjectChanged, message, options);
  }
}

/** A link or an environment value that the deployment should have given is absent or malformed. */
export class ConfigurationMissing extends NamedError {
  constructor(message: string, options?: ErrorOptions) {
    super(ErrorNames.ConfigurationMissing, message, options);
  }
}

/** AWS refuses the call to the task's role. */
export class AccessDenied extends NamedError {
  constructor(message: string, options?: ErrorOptions) {
    super(ErrorNames.AccessDenied, message, options);
  }
}

/** The engine refused a query; the message carries the engine's kind of error and no value. */
export class QueryFailed extends NamedError {
  constructor(message: string, options?: ErrorOptions) {
    super(ErrorNames.QueryFailed, message, options);
  }
}

/** The engine ran out of its memory limit or of temporary disk; a larger engine is the way. */
export class OutOfMemory extends NamedError {
  constructor(message: string, options?: ErrorOptions) {
    super(ErrorNames.OutOfMemory, message, options);
  }
}

/** A service asked for fewer calls, after the SDK's own retries; worth trying again later. */
export class Throttled extends NamedError {
  constructor(message: string, options?: ErrorOptions) {
    super(ErrorNames.Throttled, message, options);
  }
}

/** A service failed on its side or could not be reached, after the SDK's own retries. */
export class UpstreamUnavailable extends NamedError {
  constructor(message: string, options?: ErrorOptions) {
    super(ErrorNames.UpstreamUnavailable, message, options);
  }
}

/** A model endpoint asked for fewer calls. */
export class ModelThrottled extends NamedError {
  constructor(message: string, options?: ErrorOptions) {
    super(ErrorNames.ModelThrottled, message, options);
  }
}

/** A model's answer does not have the shape that was asked for. */
export class ModelOutputInvalid extends NamedError {
  constructor(message: string, options?: ErrorOptions) {
    super(ErrorNames.ModelOutputInvalid, message, options);
  }
}

/** A call that could pass what a run may spend on a model, in tokens or money; it was not made. */
export class ModelBudgetSpent extends NamedError {
  constructor(message: string, options?: ErrorOptions) {
    super(ErrorNames.ModelBudgetSpent, message, options);
  }
}

/** The person is not registered, or has been erased: nothing of theirs is read or written. */
export class PersonGone extends NamedError {
  constructor(message: string, options?: ErrorOptions) {
    super(ErrorNames.PersonGone, message, options);
  }
}

/** Bytes that are no picture which can be used: not JPEG or PNG, cut off, too large to look at, or not to be decoded. */
export class UnusableImage extends NamedError {
  constructor(message: string, options?: ErrorOptions) {
    super(ErrorNames.UnusableImage, message, options);
  }
}

/** Whatever has no other name: a defect of ours. The kind and place are kept, the original message is not. */
export class Unexpected extends NamedError {
  constructor(message: string, options?: ErrorOptions) {
    super(ErrorNames.Unexpected, message, options);
  }
}
