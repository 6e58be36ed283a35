/** `.sst/platform` is not there, or is not the version that package.json pins. */
export class PlatformMissing extends Error {
  override readonly name = "PlatformMissing";
  constructor(root: string) {
    super(
      `${root} has no .sst/platform. Run "npm start" or "npm test" once, or ` +
        `"SST_SKIP_DEPENDENCY_CHECK=1 SST_NO_BUN=1 SST_TELEMETRY_DISABLED=1 npx sst install --stage local".`,
    );
  }
}

/** A stage's name has letters, digits and dashes, and nothing else. */
export class InvalidStage extends Error {
  override readonly name = "InvalidStage";
  constructor(stage: string) {
    super(`"${stage}" is no name for a stage: letters, digits and dashes only.`);
  }
}

/** One thing that the program did wrong. */
export interface ProgramFault {
  /** `error.name` of what was thrown. */
  error: string;
  message: string;
  /** `file:line:column` in the program, where the stack tells. */
  place: string | null;
  /** Type and name of the resource concerned, where it is known. */
  resource: string | null;
}

/** The program was evaluated and threw, or never finished. Lists every fault, the first one first. */
export class ProgramFailed extends Error {
  override readonly name = "ProgramFailed";
  readonly faults: readonly ProgramFault[];
  constructor(faults: readonly ProgramFault[]) {
    super(["The deployment program failed.", ...faults.map(line)].join("\n"));
    this.faults = faults;
  }
}

function line({ error, message, place, resource }: ProgramFault): string {
  const where = [resource, place].filter((part) => part !== null).join(", at ");
  return `  ${error}: ${message}${where === "" ? "" : `\n    in ${where}`}`;
}
