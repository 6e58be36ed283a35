import { define, jsonata } from "./asl/define.ts";
import { type DnaFileOf, dnaFile } from "./asl/dna-file.ts";
import { type DnaForgetOf, dnaForget, personItem } from "./asl/dna-forget.ts";
import { type DnaPersonasOf, dnaPersonas } from "./asl/dna-personas.ts";
import { dnaTasks } from "./asl/dna-tasks.ts";
import { retryDynamo } from "./asl/retries.ts";
import type { Definition } from "./asl/states.ts";

/** What `digital-dna` works with. Functions and topics by ARN; tables by name. */
export interface DigitalDnaResources extends DnaFileOf, DnaPersonasOf, DnaForgetOf {
  /** Limit of an execution, seconds. */
  readonly runSeconds: number;
}

const key = "$states.input.detail.object.key";
const user = `$exists($states.input.user) ? $states.input.user : $exists(${key}) ? $substringBefore(${key}, '/') : ''`;

/**
 * A person's exports → what each tells → their personas.
 *
 * Input: the event of an object under `<user>/stage1/` or `<user>/stage2/`; {@link DigitalDnaInput} of
 * `@penstock/contracts` by hand; `{ user, forget: true }` from the API's route that erases.
 * Output: of a file `{ status, user, reason, … }`, status SUCCEEDED, PARTIAL, FAILED (no chunk was answered), REFUSED, SKIPPED
 * or UNCHANGED; of personas `{ status, user, builds, … }`, status SUCCEEDED, PARTIAL or COALESCED; ERASED; IGNORED for
 * what is none of it, whose key is not repeated: it may be anything.
 * A file that cannot be read is no failure of an execution. Those have causes that are no file's, and are redriven.
 */
export function digitalDna(resources: DigitalDnaResources): Definition {
  const tasks = dnaTasks(resources);

  return define(
    {
      comment: "A person's exports to categorised documents, and those to personas",
      timeoutSeconds: resources.runSeconds,
      startAt: "Accept",
    },
    {
      Accept: {
        Type: "Pass",
        Comment: "A person with a file is that file by hand; a person alone is their personas anew",
        Assign: {
          run_id: jsonata("$states.context.Execution.Name"),
          user: jsonata(user),
          opaque: jsonata(`$contains(${user}, /^usr_[0-9a-hjkmnp-tv-z]{26}$/)`),
          stage: jsonata(
            `$exists($states.input.file) ? 'stage1' : $exists($states.input.user) ? 'stage2' : $exists(${key}) ? $substringBefore($substringAfter(${key}, '/'), '/') : ''`,
          ),
          file: jsonata(
            `$exists($states.input.file) ? $states.input.file : $exists(${key}) ? $substringAfter(${key}, '/stage1/') : ''`,
          ),
          by_hand: jsonata("$exists($states.input.file)"),
          forget: jsonata("$states.input.forget = true"),
          reason: "no_stage_of_a_person",
          reads: 0,
        },
        Next: "Route",
      },
      Route: {
        Type: "Choice",
        Choices: [
          { Condition: jsonata("$opaque and $forget"), Next: "MarkErased" },
          { Condition: jsonata("$opaque and $stage in ['stage1', 'stage2']"), Next: "FindPerson" },
        ],
        Default: "Ignored",
      },
      Ignored: {
        Type: "Succeed",
        Comment: "The key is not repeated: it may be somebody's address",
        Output: { status: "IGNORED", reason: jsonata("$reason") },
      },
      FindPerson: {
        Type: "Task",
        Resource: "arn:aws:states:::dynamodb:getItem",
        Arguments: { ...personItem(resources.peopleTable), ConsistentRead: true },
        TimeoutSeconds: 30,
        Retry: [retryDynamo],
        Assign: {
          person: jsonata("$exists($states.result.Item.status.S) ? $states.result.Item.status.S : 'unknown'"),
        },
        Next: "Known",
      },
      Known: {
        Type: "Choice",
        Comment: "What comes of a person who was erased goes at once",
        Choices: [
          { Condition: jsonata("$person = 'erased'"), Next: "Forget" },
          { Condition: jsonata("$person = 'active' and $stage = 'stage1'"), Next: "Read" },
          { Condition: jsonata("$person = 'active'"), Next: "NoteLock" },
        ],
        Assign: { reason: "unknown_person" },
        Default: "Ignored",
      },

      ...dnaFile(resources, tasks),
      ...dnaPersonas(resources, tasks),
      ...dnaForget(resources, tasks),
    },
  );
}
