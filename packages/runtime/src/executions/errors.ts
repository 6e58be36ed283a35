/** There is no workflow of that name. */
export class UnknownWorkflow extends Error {
  override readonly name = "UnknownWorkflow";
  constructor(workflow: string, known: readonly string[]) {
    super(`There is no workflow "${workflow}". There are: ${known.join(", ") || "none"}.`);
  }
}

/** There is no execution of that id. */
export class UnknownExecution extends Error {
  override readonly name = "UnknownExecution";
  constructor(id: string) {
    super(
      `There is no execution "${id}". An id is <workflow>:<name>; Step Functions forgets executions 90 days after their end.`,
    );
  }
}

/** The name belongs to an execution with another input. */
export class NameTaken extends Error {
  override readonly name = "NameTaken";
}

/** Step Functions refuses the name or the input. */
export class InvalidExecution extends Error {
  override readonly name = "InvalidExecution";
}

/** The token of a page is none that was given out, or is too old. */
export class InvalidPageToken extends Error {
  override readonly name = "InvalidPageToken";
  constructor() {
    super("The token is none that was given out lately. Begin again without one.");
  }
}

/** The execution runs, has succeeded, or failed too long ago. */
export class NotRedrivable extends Error {
  override readonly name = "NotRedrivable";
}
