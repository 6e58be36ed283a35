/**
 * Amazon States Language in JSONata, as types. Only what Penstock's machines use; a field that Step Functions does
 * not know (such as `Timeout`) does not compile.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html
 */

/** A JSONata expression between `{%` and `%}`. An undefined result fails the execution on AWS. */
export type Expression = `{% ${string} %}`;

/** Any JSON value; strings in it may be expressions. */
export type Template =
  | string
  | number
  | boolean
  | null
  | readonly Template[]
  | { readonly [key: string]: Template };

/** Variables to set: name → value or expression. They are in scope of all the states that follow. */
export type Assign = Readonly<Record<string, Template>>;

/** One entry of `Retry`. Intervals are seconds; `JitterStrategy: "FULL"` spreads simultaneous retries. */
export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly MaxAttempts: number;
  readonly BackoffRate: number;
  readonly MaxDelaySeconds: number;
  readonly JitterStrategy: "FULL" | "NONE";
}

/** One entry of `Catch`; in JSONata `$states.errorOutput` holds `Error` and `Cause`. */
export interface Catcher<Name extends string> {
  readonly ErrorEquals: readonly string[];
  readonly Next: Name;
  readonly Assign?: Assign;
  readonly Output?: Template;
}

/** How a state ends: it names another state, or it ends its machine. */
type Transition<Name extends string> =
  | { readonly Next: Name; readonly End?: never }
  | { readonly End: true; readonly Next?: never };

interface Described {
  readonly Comment?: string;
}

interface Produces extends Described {
  readonly Assign?: Assign;
  readonly Output?: Template;
}

export type PassState<Name extends string> = Produces & { readonly Type: "Pass" } & Transition<Name>;

/** Every task states its `TimeoutSeconds` and its `Retry`; where there is another way it has a `Catch`. */
export type TaskState<Name extends string> = Produces & {
  readonly Type: "Task";
  readonly Resource: `arn:aws:states:::${string}`;
  readonly Arguments: Template;
  readonly TimeoutSeconds: number | Expression;
  readonly HeartbeatSeconds?: number;
  readonly Retry: readonly Retrier[];
  readonly Catch?: readonly Catcher<Name>[];
} & Transition<Name>;

export interface ChoiceState<Name extends string> extends Produces {
  readonly Type: "Choice";
  readonly Choices: readonly {
    readonly Comment?: string;
    readonly Condition: Expression;
    readonly Next: Name;
    readonly Assign?: Assign;
    readonly Output?: Template;
  }[];
  readonly Default: Name;
}

export type WaitState<Name extends string> = Produces & { readonly Type: "Wait" } & (
    | { readonly Seconds: number | Expression }
    | { readonly Timestamp: string }
  ) &
  Transition<Name>;

export interface SucceedState extends Described {
  readonly Type: "Succeed";
  readonly Output?: Template;
}

export interface FailState extends Described {
  readonly Type: "Fail";
  readonly Error: string;
  readonly Cause: string;
}

export type ParallelState<Name extends string> = Produces & {
  readonly Type: "Parallel";
  readonly Branches: readonly Flow[];
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher<Name>[];
} & Transition<Name>;

export type MapState<Name extends string> = Produces & {
  readonly Type: "Map";
  readonly Items: Template;
  readonly ItemSelector?: Template;
  readonly MaxConcurrency: number;
  readonly ItemProcessor: Flow & { readonly ProcessorConfig?: { readonly Mode: "INLINE" } };
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher<Name>[];
} & Transition<Name>;

/**
 * A map whose items are in an object of S3, a child execution for each batch of them. Its children see no variable of
 * the machine: what they need besides their items stands in `BatchInput`. The input of a child is `{ BatchInput, Items }`.
 */
export type DistributedMapState<Name extends string> = Produces & {
  readonly Type: "Map";
  /** Names the state's runs; without it AWS makes one up, anew with each change of the machine. */
  readonly Label: string;
  readonly ItemReader: {
    readonly Resource: "arn:aws:states:::s3:getObject";
    readonly ReaderConfig: { readonly InputType: "JSON" };
    readonly Arguments: { readonly Bucket: string; readonly Key: string };
  };
  readonly ItemBatcher: {
    readonly MaxItemsPerBatch: number;
    readonly BatchInput: { readonly [key: string]: Template };
  };
  readonly MaxConcurrency: number;
  readonly ItemProcessor: Flow & {
    readonly ProcessorConfig: { readonly Mode: "DISTRIBUTED"; readonly ExecutionType: "STANDARD" };
  };
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher<Name>[];
} & Transition<Name>;

/** A state that may go on to the states named `Name`. */
export type State<Name extends string> =
  | PassState<Name>
  | TaskState<Name>
  | ChoiceState<Name>
  | WaitState<Name>
  | SucceedState
  | FailState
  | ParallelState<Name>
  | MapState<Name>
  | DistributedMapState<Name>;

/** States and where to begin: a machine's body, a branch of a Parallel, the processor of a Map. */
export interface Flow {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State<string>>>;
}

/** A whole definition, as given to CreateStateMachine. */
export interface Definition extends Flow {
  readonly Comment: string;
  readonly QueryLanguage: "JSONata";
  readonly TimeoutSeconds: number;
}
