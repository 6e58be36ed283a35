/**
 * One reason why a definition is refused. `location` is a path like `/States/Refine/Output/rows`; what concerns no place
 * has none.
 */
export interface Diagnostic {
  readonly code:
    | "SCHEMA_VALIDATION_FAILED"
    | "MISSING_TRANSITION_TARGET"
    | "MISSING_END_STATE"
    | "INVALID_JSON_DESCRIPTION"
    | "INVALID_JSONATA_EXPRESSION"
    | "UNSUPPORTED_JSONATA_EXPRESSION";
  readonly location: string | undefined;
  readonly message: string;
}

/** AWS would refuse this definition (or it needs what this interpreter refuses: JSONPath, activities). */
export class InvalidDefinition extends Error {
  override readonly name = "InvalidDefinition";
  readonly diagnostics: readonly Diagnostic[];
  readonly path: string;
  readonly reason: string;

  constructor(diagnostics: readonly Diagnostic[]) {
    const [first] = diagnostics;
    super(
      diagnostics.map((found) => `${found.code}: ${found.message} at ${found.location ?? null}`).join(", "),
    );
    this.diagnostics = diagnostics;
    this.path = first?.location ?? "/";
    this.reason = first?.message ?? "invalid";
  }
}
