import { ErrorNames } from "@penstock/runtime/errors";
import { flow, jsonata } from "./define.ts";
import { type DnaTasksOf, type dnaTasks, lostCall, ofPerson, personGone } from "./dna-tasks.ts";
import { counted } from "./feature-tasks.ts";
import { lease, leaseLost } from "./lease.ts";
import { retryLambda, retryModel, retryStepFunctions } from "./retries.ts";

/** What makes personas: functions by ARN, the locks' table by name. */
export interface DnaPersonasOf extends DnaTasksOf {
  readonly loadPersonas: string;
  readonly updatePersona: string;
  readonly savePersonas: string;
  readonly locksTable: string;
  /** How long to wait after taking the lease, so that documents that arrive together make one build. */
  readonly windowSeconds: number;
  /** How long a lease holds without being renewed. A holder that stalls for longer cannot write over the next one's. */
  readonly leaseSeconds: number;
}

/** Builds that one execution makes at most before a new one goes on: its history has an end. */
const MOST_BUILDS = 20;

/** Loadings of one build at most, when what was loaded is not there any more at its saving. */
const MOST_LOADS = 10;

/** The types of personas: each is asked about for itself. */
const TYPES = 4;

/** Nobody waits that long for a redrive: executions can be redriven for 14 days. */
const GONE_AFTER_SECONDS = 30 * 86_400;

const lockName = jsonata("$states.context.StateMachine.Name & '/' & $user");

/**
 * From all documents of a person to their personas, one build of a person's at a time and no request lost. Ends in
 * `PersonasDone`, `Coalesced`, `Ignored` or `StillOthers`. Reads `$user`.
 */
export function dnaPersonas(
  resources: DnaPersonasOf,
  { invoke, notify, record }: ReturnType<typeof dnaTasks>,
) {
  const { request, take, hold, read, giveBack, giveUp } = lease({
    table: resources.locksTable,
    seconds: resources.leaseSeconds,
    name: lockName,
    goneAfterSeconds: GONE_AFTER_SECONDS,
  });
  const gone = {
    ...personGone,
    Assign: { reason: jsonata("$states.errorOutput.Error") },
    Next: "LetGo",
  } as const;

  return {
    NoteLock: {
      ...record({
        status: { S: "RUNNING" },
        lock: { S: lockName },
        again: { S: jsonata("$string({ 'user': $user })") },
      }),
      Comment:
        "Before the lease is taken: on-failure finds its name here, and with what another one is started",
      Next: "Request",
    },
    Request: { ...request, Assign: { builds: 0, model_calls: 0, tokens: 0 }, Next: "TakeLease" },
    TakeLease: {
      ...take,
      Catch: [{ ErrorEquals: leaseLost, Next: "AnyBuild" }],
      Assign: { generation: jsonata("$states.result.Attributes.generation.N") },
      Next: "Window",
    },
    Window: {
      Type: "Wait",
      Comment: "Documents arrive in bursts; one build serves them all",
      Seconds: resources.windowSeconds,
      Next: "ReadRequests",
    },
    ReadRequests: {
      ...read,
      Comment: "Before anything is read of what they ask for: who comes later makes another build",
      Assign: { requested: jsonata("$states.result.Attributes.requested.N"), loads: 0 },
      Next: "HoldForLoad",
    },
    HoldForLoad: {
      ...hold,
      Catch: [{ ErrorEquals: leaseLost, Next: "TakeLease" }],
      Next: "Load",
    },
    Load: {
      ...invoke(resources.loadPersonas, { ...ofPerson, execution: jsonata("$states.context.Execution.Id") }),
      Comment:
        "All documents of the person, and the types whose facts are others than those last asked about",
      Catch: [gone],
      Assign: { loaded: jsonata("$states.result.Payload"), loads: jsonata("$loads + 1") },
      Next: "Update",
    },
    Update: {
      Type: "Map",
      Comment: "A type whose call fails keeps the persona that it has",
      Items: jsonata("[$loaded.types]"),
      ItemSelector: {
        ...ofPerson,
        plan: jsonata("$loaded.plan"),
        type: jsonata("$states.context.Map.Item.Value"),
      },
      MaxConcurrency: TYPES,
      ItemProcessor: flow("UpdatePersona", {
        UpdatePersona: {
          ...invoke(resources.updatePersona, jsonata("$states.input"), resources.modelTaskSeconds),
          Retry: [retryLambda, retryModel],
          Catch: [
            {
              ErrorEquals: lostCall,
              Output: { type: jsonata("$states.input.type"), error: jsonata("$states.errorOutput.Error") },
              Next: "KeepPersona",
            },
          ],
          Output: {
            calls: jsonata("$states.result.Payload.calls"),
            tokens: jsonata("$states.result.Payload.tokens"),
          },
          End: true,
        },
        KeepPersona: { Type: "Pass", Comment: "The type and the error's name", End: true },
      }),
      Catch: [gone],
      Assign: {
        failed: jsonata("[$states.result[$exists(error)]]"),
        model_calls: jsonata("$model_calls + $sum([$states.result.calls])"),
        tokens: jsonata("$tokens + $sum([$states.result.tokens])"),
      },
      Next: "HoldForSave",
    },
    HoldForSave: {
      ...hold,
      Catch: [{ ErrorEquals: leaseLost, Next: "TakeLease" }],
      Next: "Save",
    },
    Save: {
      ...invoke(resources.savePersonas, {
        ...ofPerson,
        plan: jsonata("$loaded.plan"),
        failed: jsonata("$failed"),
      }),
      Comment: "Only over the personas that Load found: a holder that stalled cannot undo what came after it",
      Catch: [{ ErrorEquals: [ErrorNames.ObjectChanged], Next: "Reload" }, gone],
      Assign: {
        saved: jsonata("$states.result.Payload"),
        builds: jsonata("$builds + 1"),
        status: jsonata("$count($failed) > 0 ? 'PARTIAL' : 'SUCCEEDED'"),
      },
      Next: "AnyTypeFailed",
    },
    Reload: {
      Type: "Choice",
      Comment: "Another holder saved meanwhile: its personas, and all documents, once more",
      Choices: [{ Condition: jsonata(`$loads < ${MOST_LOADS}`), Next: "BeforeReload" }],
      Default: "StillOthers",
    },
    BeforeReload: {
      Type: "Wait",
      Seconds: jsonata("$min([60, $power(2, $loads - 1)])"),
      Next: "HoldForLoad",
    },
    StillOthers: {
      Type: "Fail",
      Error: "PersonasKeepChanging",
      Cause: jsonata(
        "'Personas of ' & $user & ' were written by others during each of ' & $loads & ' loads'",
      ),
    },
    AnyTypeFailed: {
      Type: "Choice",
      Choices: [{ Condition: jsonata("$count($failed) > 0"), Next: "NotifyTypesFailed" }],
      Default: "ReturnLease",
    },
    NotifyTypesFailed: {
      ...notify(resources.operationsTopic, "personas are partial", "'failed': $failed"),
      Next: "ReturnLease",
    },
    ReturnLease: {
      ...giveBack,
      Catch: [{ ErrorEquals: leaseLost, Next: "More" }],
      Next: "RecordPersonas",
    },
    More: {
      Type: "Choice",
      Comment: "Somebody asked during the build. An execution's history has an end; a new one goes on",
      Choices: [{ Condition: jsonata(`$builds < ${MOST_BUILDS}`), Next: "TakeLease" }],
      Default: "GiveUpLease",
    },
    GiveUpLease: {
      ...giveUp,
      Comment: "Whoever has the lease meanwhile, somebody asked: one execution too many ends as COALESCED",
      Catch: [{ ErrorEquals: leaseLost, Next: "GoOn" }],
      Next: "GoOn",
    },
    GoOn: {
      Type: "Task",
      Resource: "arn:aws:states:::states:startExecution",
      Arguments: {
        StateMachineArn: jsonata("$states.context.StateMachine.Id"),
        Input: {
          AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: jsonata("$states.context.Execution.Id"),
          user: jsonata("$user"),
        },
      },
      TimeoutSeconds: 60,
      Retry: [retryStepFunctions],
      Next: "RecordPersonas",
    },
    LetGo: {
      ...giveUp,
      Comment: "The person has been erased meanwhile",
      Catch: [{ ErrorEquals: leaseLost, Next: "Ignored" }],
      Next: "Ignored",
    },
    AnyBuild: {
      Type: "Choice",
      Comment: "Another execution has the lease: it makes the build, or the next one",
      Choices: [{ Condition: jsonata("$builds > 0"), Next: "RecordPersonas" }],
      Default: "RecordCoalesced",
    },
    RecordCoalesced: { ...record({ status: { S: "COALESCED" } }), Next: "Coalesced" },
    Coalesced: {
      Type: "Succeed",
      Comment: "Another execution makes the build",
      Output: { status: "COALESCED", user: jsonata("$user") },
    },
    RecordPersonas: {
      ...record({
        status: { S: jsonata("$status") },
        builds: counted("$builds"),
        model_calls: counted("$model_calls"),
        tokens: counted("$tokens"),
        documents: counted("$loaded.documents"),
        unreadable: counted("$loaded.unreadable"),
        failed: { S: jsonata("$string([$failed.type])") },
      }),
      Output: {
        status: jsonata("$status"),
        user: jsonata("$user"),
        builds: jsonata("$builds"),
        documents: jsonata("$loaded.documents"),
        unreadable: jsonata("$loaded.unreadable"),
        model_calls: jsonata("$model_calls"),
        tokens: jsonata("$tokens"),
        personas: jsonata("$saved.personas"),
        completeness: jsonata("$saved.completeness"),
        failed: jsonata("[$failed.type]"),
      },
      Next: "PersonasDone",
    },
    PersonasDone: { Type: "Succeed" },
  } as const;
}
