/**
 * A schema uses a valibot schema or action that the SQL compiler cannot express with exactly the same meaning.
 * Thrown when the contract is built, so a rule is never silently skipped.
 */
export class UnsupportedAction extends Error {
  override readonly name = "UnsupportedAction";
  readonly column: string;
  readonly action: string;

  constructor(column: string, action: string, advice: string) {
    super(`Column "${column}" uses ${action}, which has no SQL of the same meaning: ${advice}`);
    this.column = column;
    this.action = action;
  }
}

/** A contract contradicts itself: a key that is no column, a reference to nowhere, a row rule over two types. */
export class InvalidContract extends Error {
  override readonly name = "InvalidContract";

  constructor(table: string, reason: string) {
    super(`Contract "${table}": ${reason}`);
  }
}

/** A file's columns cannot be compiled against the contract; `resolveSource` and `physicalMismatch` say it first. */
export class IncompatibleColumns extends Error {
  override readonly name = "IncompatibleColumns";

  constructor(table: string, reason: string) {
    super(`Columns of a file for "${table}" do not fit its contract: ${reason}`);
  }
}
