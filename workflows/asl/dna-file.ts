import { ErrorNames } from "@penstock/runtime/errors";
import { flow, jsonata } from "./define.ts";
import { type DnaTasksOf, type dnaTasks, lostCall, ofPerson, personGone } from "./dna-tasks.ts";
import { counted } from "./feature-tasks.ts";
import { leaseLost } from "./lease.ts";
import { retryLambda, retryModel, retryRewrittenObject } from "./retries.ts";
import { setAttributes, updateItem } from "./run-record.ts";

/** What reads an export: functions by ARN, the table of what became of files by name. */
export interface DnaFileOf extends DnaTasksOf {
  readonly readExport: string;
  readonly categoriseChunk: string;
  readonly writeDocument: string;
  readonly filesTable: string;
  /** Chunks of one file that a model is asked about side by side. */
  readonly chunkConcurrency: number;
}

/** Versions of one file that an execution reads at most when it is written again and again meanwhile. */
const MOST_READS = 5;

const ofFile = { ...ofPerson, file: jsonata("$file") } as const;

/** Numbers by category, as DynamoDB wants them. */
const itemCounts = Object.fromEntries(
  ["financial", "social", "professional", "entertainment"].map((category) => [
    category,
    counted(`$outcome.items.${category}`),
  ]),
);

/**
 * From an export to what it tells: read, cut into chunks, each chunk categorised, all of it one document, and what became
 * of the file in the table of files. Ends in `FileDone`, `Unchanged`, `Ignored` or `StillChanging`. Reads `$user`, `$file`,
 * `$by_hand` and `$reads`.
 */
export function dnaFile(resources: DnaFileOf, { invoke, notify, record }: ReturnType<typeof dnaTasks>) {
  const gone = {
    Assign: { reason: jsonata("$states.errorOutput.Error") },
    Next: "Ignored",
  } as const;
  const outcome = setAttributes(
    { table: resources.filesTable, name: "user", value: jsonata("$user") },
    {
      status: { S: jsonata("$outcome.status") },
      reason: jsonata("$outcome.reason = null ? { 'NULL': true } : { 'S': $outcome.reason }"),
      etag: { S: jsonata("$read.etag") },
      bytes: counted("$read.bytes"),
      seen: { S: jsonata("$read.seen") },
      run_id: { S: jsonata("$run_id") },
      flagged: { BOOL: jsonata("$count($outcome.flags) > 0") },
      flags: { L: jsonata("[$outcome.flags.{ 'S': $ }]") },
      items: { M: itemCounts },
      chunks: counted("$outcome.chunks"),
      failed_chunks: counted("$outcome.failed_chunks"),
      left_out: counted("$outcome.left_out"),
      tokens: counted("$outcome.tokens"),
    },
  );

  return {
    Read: {
      ...invoke(resources.readExport, { ...ofFile, by_hand: jsonata("$by_hand") }),
      Comment: "What kind of file it is, its records, masked, in chunks; whether that was done before",
      Retry: [retryLambda, retryRewrittenObject],
      Catch: [{ ErrorEquals: [ErrorNames.ObjectMissing, ErrorNames.PersonGone], ...gone }],
      Assign: { read: jsonata("$states.result.Payload"), reads: jsonata("$reads + 1"), failed: [] },
      Next: "ReadState",
    },
    ReadState: {
      Type: "Choice",
      Choices: [
        {
          Condition: jsonata("$read.state = 'ignored'"),
          Assign: { reason: jsonata("$read.reason") },
          Next: "Ignored",
        },
        { Condition: jsonata("$read.state = 'current'"), Next: "Unchanged" },
        {
          Condition: jsonata("$read.state = 'skipped'"),
          Assign: {
            outcome: {
              status: "skipped",
              reason: jsonata("$read.reason"),
              document: null,
              items: { financial: 0, social: 0, professional: 0, entertainment: 0 },
              flags: [],
              chunks: 0,
              failed_chunks: 0,
              left_out: 0,
              tokens: 0,
              cost_usd: 0,
            },
          },
          Next: "RecordFile",
        },
        { Condition: jsonata("$read.state = 'refused'"), Next: "Merge" },
      ],
      Default: "Categorise",
    },
    Unchanged: {
      Type: "Succeed",
      Comment: "Its document is of this very version",
      Output: { status: "UNCHANGED", user: jsonata("$user") },
    },
    Categorise: {
      Type: "Map",
      Comment: "One that fails is reported in the document, and the rest is used",
      Items: jsonata("[$read.chunks]"),
      ItemSelector: {
        ...ofFile,
        plan: jsonata("$read.plan"),
        chunk: jsonata("$states.context.Map.Item.Value"),
      },
      MaxConcurrency: resources.chunkConcurrency,
      ItemProcessor: flow("CategoriseChunk", {
        CategoriseChunk: {
          ...invoke(resources.categoriseChunk, jsonata("$states.input"), resources.modelTaskSeconds),
          Retry: [retryLambda, retryModel],
          Catch: [
            {
              ErrorEquals: lostCall,
              Output: { chunk: jsonata("$states.input.chunk"), error: jsonata("$states.errorOutput.Error") },
              Next: "ReportChunk",
            },
          ],
          Output: { chunk: jsonata("$states.input.chunk") },
          End: true,
        },
        ReportChunk: { Type: "Pass", Comment: "Its number and the error's name", End: true },
      }),
      Catch: [{ ...personGone, ...gone }],
      Assign: { failed: jsonata("[$states.result[$exists(error)]]") },
      Next: "Merge",
    },
    Merge: {
      ...invoke(resources.writeDocument, {
        ...ofFile,
        plan: jsonata("$read.plan"),
        failed: jsonata("$failed"),
      }),
      Comment: "What all chunks tell, as one document, where the file is still the one that was read",
      Catch: [
        { ErrorEquals: [ErrorNames.ObjectChanged], Next: "ReadAgain" },
        { ...personGone, ...gone },
      ],
      Assign: { outcome: jsonata("$states.result.Payload") },
      Next: "AnyFault",
    },
    ReadAgain: {
      Type: "Choice",
      Comment: "Another version came, or another execution wrote the document first",
      Choices: [{ Condition: jsonata(`$reads < ${MOST_READS}`), Next: "Read" }],
      Default: "StillChanging",
    },
    StillChanging: {
      Type: "Fail",
      Error: "FileKeepsChanging",
      Cause: jsonata("'A file of ' & $user & ' was written anew during each of ' & $reads & ' readings'"),
    },
    AnyFault: {
      Type: "Choice",
      Choices: [
        {
          Condition: jsonata("$outcome.status != 'processed' or $count($outcome.flags) > 0"),
          Next: "NotifyFile",
        },
      ],
      Default: "RecordFile",
    },
    NotifyFile: {
      ...notify(
        resources.dataTopic,
        "an export needs a look",
        [
          "'file': $file, 'status': $outcome.status, 'reason': $outcome.reason, 'flags': [$outcome.flags]",
          "'chunks': $outcome.chunks, 'failed_chunks': $outcome.failed_chunks, 'left_out': $outcome.left_out",
        ].join(", "),
      ),
      Next: "RecordFile",
    },
    RecordFile: {
      ...updateItem,
      Comment:
        "An execution that comes late does not turn back what is known of a later version, nor what was read of this one by hand",
      Arguments: {
        ...outcome,
        Key: { ...outcome.Key, file: { S: jsonata("$file") } },
        ConditionExpression: jsonata(
          "'attribute_not_exists(#seen) OR #seen ' & ($outcome.status = 'skipped' ? '<' : '<=') & ' :seen'",
        ),
      },
      Catch: [{ ErrorEquals: leaseLost, Next: "RecordFileRun" }],
      Next: "RecordFileRun",
    },
    RecordFileRun: {
      ...record({
        status: {
          S: jsonata("$outcome.status = 'processed' ? 'SUCCEEDED' : $uppercase($outcome.status)"),
        },
        reason: { S: jsonata("$outcome.reason = null ? '' : $outcome.reason") },
        flagged: { BOOL: jsonata("$count($outcome.flags) > 0") },
        bytes: counted("$read.bytes"),
        chunks: counted("$outcome.chunks"),
        failed_chunks: counted("$outcome.failed_chunks"),
        left_out: counted("$outcome.left_out"),
        tokens: counted("$outcome.tokens"),
        cost_usd: counted("$outcome.cost_usd"),
      }),
      Output: {
        status: jsonata("$outcome.status = 'processed' ? 'SUCCEEDED' : $uppercase($outcome.status)"),
        user: jsonata("$user"),
        reason: jsonata("$outcome.reason"),
        document: jsonata("$outcome.document"),
        items: jsonata("$outcome.items"),
        flags: jsonata("[$outcome.flags]"),
        chunks: jsonata("$outcome.chunks"),
        failed_chunks: jsonata("$outcome.failed_chunks"),
        left_out: jsonata("$outcome.left_out"),
        tokens: jsonata("$outcome.tokens"),
      },
      Next: "FileDone",
    },
    FileDone: { Type: "Succeed" },
  } as const;
}
