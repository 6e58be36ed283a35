import { randomUUID } from "node:crypto";
import type { ExecutionRecord } from "./execution-record.ts";

/** EventBridge's envelope around a change of an execution's status. Instants in `detail` are in milliseconds. */
export interface StatusChangeEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": "Step Functions Execution Status Change";
  readonly source: "aws.states";
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: StatusChangeDetail;
}

export interface StatusChangeDetail {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  readonly status: string;
  readonly startDate: number;
  readonly stopDate: number | null;
  /** JSON text; null when it was too large to be included. */
  readonly input: string | null;
  readonly output: string | null;
  readonly inputDetails: { readonly included: boolean };
  readonly outputDetails: { readonly included: boolean } | null;
  readonly error: string | null;
  readonly cause: string | null;
  readonly stateMachineVersionArn: null;
  readonly stateMachineAliasArn: null;
  readonly redriveCount: number;
  readonly redriveDate: number | null;
  readonly redriveStatus: string;
  readonly redriveStatusReason: string | null;
}

/** Input and output are left out beyond this size of their escaped text, in bytes (EventBridge takes 256 KB). */
const maxEscapedBytes = 248 * 1024;

function escapedBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}

/** The event that tells EventBridge of the execution's present status. */
export function statusChangeEvent(
  record: ExecutionRecord,
  account: string,
  region: string,
  now: number,
): StatusChangeEvent {
  const { execution } = record;
  const { outcome } = execution;
  const output = outcome?.status === "SUCCEEDED" ? JSON.stringify(outcome.output) : undefined;
  const failure = outcome === undefined || outcome.status === "SUCCEEDED" ? undefined : outcome;
  const outputIncluded = output !== undefined && escapedBytes(output) <= maxEscapedBytes;
  const together = escapedBytes(record.inputText) + (output === undefined ? 0 : escapedBytes(output));
  const inputIncluded = together <= maxEscapedBytes;
  const { status: redriveStatus, reason } = record.redrivable();
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": "Step Functions Execution Status Change",
    source: "aws.states",
    account,
    time: new Date(now).toISOString().replace(/\.\d+Z$/, "Z"),
    region,
    resources: [execution.facts.arn],
    detail: {
      executionArn: execution.facts.arn,
      stateMachineArn: execution.facts.machineArn,
      name: execution.facts.name,
      status: execution.status,
      startDate: Math.round(execution.startedAt),
      stopDate: execution.stoppedAt === undefined ? null : Math.round(execution.stoppedAt),
      input: inputIncluded ? record.inputText : null,
      output: outputIncluded ? output : null,
      inputDetails: { included: inputIncluded },
      outputDetails: output === undefined ? null : { included: outputIncluded },
      error: failure?.error ?? null,
      cause: failure?.cause ?? null,
      stateMachineVersionArn: null,
      stateMachineAliasArn: null,
      redriveCount: execution.redriveCount,
      redriveDate: execution.redrivenAt === undefined ? null : Math.round(execution.redrivenAt),
      redriveStatus,
      redriveStatusReason: reason ?? null,
    },
  };
}
