/** What a failed invocation answers, in the shape of AWS's Node runtime. `trace` is absent when the sandbox died. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** From the cloud to a sandbox. */
export interface InvokeMessage {
  readonly type: "invoke";
  readonly requestId: string;
  /** The event as JSON text. */
  readonly event: string;
  readonly deadlineMs: number;
  readonly functionArn: string;
}

/** From a sandbox to the cloud. */
export type SandboxMessage =
  | { readonly type: "ready" }
  | { readonly type: "init-failed"; readonly error: FunctionError }
  | { readonly type: "succeeded"; readonly requestId: string /** JSON text */; readonly result: string }
  | { readonly type: "failed"; readonly requestId: string; readonly error: FunctionError };
