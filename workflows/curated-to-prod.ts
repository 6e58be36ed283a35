import type { SystemName } from "@penstock/contracts";
import { define, jsonata } from "./asl/define.ts";
import { lease, leaseLost } from "./asl/lease.ts";
import { currentBuild, type Publication, publishMarts, publishSystem } from "./asl/publish.ts";
import {
  retryChangedObject,
  retryGlue,
  retryGlueQueue,
  retryLambda,
  retrySns,
  retryStepFunctions,
} from "./asl/retries.ts";
import { runId, setAttributes, updateItem } from "./asl/run-record.ts";
import type { Definition } from "./asl/states.ts";
import { tooMuchForLambda } from "./asl/too-much.ts";

/** Glue's database over a bucket, and the crawler that finds its partitions. */
interface Catalogued {
  readonly database: string;
  readonly crawler: string;
}

/** What `curated-to-prod` works with. Functions, machines and topics by ARN; tables, jobs, crawlers, workgroups by name. */
export interface CuratedToProdResources {
  readonly planMarts: string;
  readonly buildMarts: string;
  readonly finishMarts: string;
  readonly glueJob: string;
  readonly marts: Catalogued;
  /** The task of each system, and what knows of its bucket. */
  readonly systems: Readonly<Record<SystemName, Catalogued & { readonly task: string }>>;
  readonly reconcile: string;
  readonly runsTable: string;
  readonly locksTable: string;
  readonly buildsTable: string;
  readonly workgroup: string;
  readonly operationsTopic: string;
  /** How long to wait after taking the lease, so that objects that arrive together make one build. */
  readonly windowSeconds: number;
  /** How long a lease holds without being renewed: longer than the marts, or than the systems, with all retries. */
  readonly leaseSeconds: number;
  /** Lambda's own limit for planning the marts, seconds. */
  readonly planSeconds: number;
  /** Lambda's own limit for the tasks, seconds. */
  readonly taskSeconds: number;
  /** Limit of one Glue job run, seconds, time in Glue's queue included. */
  readonly glueSeconds: number;
  /** Limit of one execution of reconcile that is waited for. */
  readonly reconcileSeconds: number;
  /** Between two tries to have reconcile make a pass, while another execution of it makes one. */
  readonly reconcilePollSeconds: number;
  readonly reconcileTries: number;
  readonly crawlPollSeconds: number;
  readonly crawlTries: number;
}

/**
 * Builds that one execution makes at most before it hands over to a new one. An execution's history ends at 25,000
 * events, and one build whose crawls and whose reconcile need all their tries is worth about 5,500.
 */
const MOST_BUILDS = 4;

/** Plans that one build makes at most when its job fails on Glue. */
const MOST_PLANS = 3;

const invoke = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Retry: [retryLambda] } as const;

/**
 * Curated rows → marts, the five systems' reports, and both in the catalogue.
 *
 * Input: anything (an event of the curated bucket, a schedule, `{}` by hand): a build is of all that is curated.
 * Output: `{ status, builds, build, curated_rows, failed }`, status SUCCEEDED or PARTIAL, `failed` the names of the
 * branches that did not publish; or `{ status: "COALESCED" }`.
 * Objects that arrive together make one build, by the lease of `asl/lease.ts` and a window; who asks during a build makes
 * its holder build again. A build is written beside the one that is read and then takes its place, system by system.
 */
export function curatedToProd(resources: CuratedToProdResources): Definition {
  const { request, take, hold, read, giveBack, giveUp } = lease({
    table: resources.locksTable,
    seconds: resources.leaseSeconds,
  });
  const build = {
    run_id: jsonata("$run_id"),
    build: jsonata("$build"),
    current: jsonata("$current_marts"),
    catalogued: jsonata("$catalogued_marts"),
  };
  const whole = { ...build, built_at: jsonata("$built_at") };
  const publication = (system: string, { database, crawler }: Catalogued): Publication => ({
    system,
    suffix: pascalCase(system),
    database,
    crawler,
    buildsTable: resources.buildsTable,
    workgroup: resources.workgroup,
    crawlPollSeconds: resources.crawlPollSeconds,
    crawlTries: resources.crawlTries,
  });
  const currentMarts = currentBuild(resources.buildsTable, "marts", "current_marts");
  const wrote = { Assign: { marts: jsonata("$states.result.Payload") }, Next: "HoldForSystems" } as const;

  return define(
    {
      comment: "Builds the marts and the five systems' reports of all curated rows, and publishes them",
      timeoutSeconds: 24 * 3600,
      startAt: "Request",
    },
    {
      Request: {
        ...request,
        Assign: { run_id: jsonata("$states.context.Execution.Name"), builds: 0 },
        Next: "TakeLease",
      },
      TakeLease: {
        ...take,
        Catch: [{ ErrorEquals: leaseLost, Next: "AnyBuild" }],
        Assign: { generation: jsonata("$states.result.Attributes.generation.N") },
        Next: "Window",
      },
      Window: {
        Type: "Wait",
        Comment: "Objects arrive in bursts; one build serves them all",
        Seconds: resources.windowSeconds,
        Next: "ReadRequests",
      },
      ReadRequests: {
        ...read,
        Comment: "Before anything is read of what they ask for: who comes later makes another build",
        Assign: { requested: jsonata("$states.result.Attributes.requested.N"), reconciles: 0, plans: 0 },
        Next: "Reconcile",
      },

      Reconcile: {
        Type: "Task",
        Resource: "arn:aws:states:::states:startExecution.sync:2",
        Comment:
          "Rows that waited are released, and orders that break rules are listed, before they are read",
        Arguments: {
          StateMachineArn: resources.reconcile,
          Input: { AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: jsonata("$states.context.Execution.Id") },
        },
        TimeoutSeconds: resources.reconcileSeconds,
        Retry: [retryStepFunctions],
        Assign: {
          reconciles: jsonata("$reconciles + 1"),
          reconciled: jsonata("$states.result.Output.status != 'COALESCED'"),
        },
        Next: "Reconciled",
      },
      Reconciled: {
        Type: "Choice",
        Comment:
          "Who came during another execution's pass waits for the next one. A limited time: each pass that changes rows asks for a build of its own",
        Choices: [
          {
            Condition: jsonata(`$reconciled or $reconciles >= ${resources.reconcileTries}`),
            Next: "HoldForMarts",
          },
        ],
        Default: "AwaitReconcile",
      },
      AwaitReconcile: { Type: "Wait", Seconds: resources.reconcilePollSeconds, Next: "Reconcile" },

      HoldForMarts: {
        ...hold,
        Catch: [{ ErrorEquals: leaseLost, Next: "TakeLease" }],
        Assign: {
          build: jsonata(
            "$fromMillis($toMillis($states.context.State.EnteredTime), '[Y0001][M01][D01]T[H01][m01][s01]Z') & '-' & $pad($generation, -6, '0')",
          ),
          built_at: jsonata("$states.context.State.EnteredTime"),
        },
        Next: "CurrentMarts",
      },
      CurrentMarts: {
        ...currentMarts,
        Assign: {
          ...currentMarts.Assign,
          catalogued_marts: jsonata(
            "$exists($states.result.Item.catalogued.S) ? $states.result.Item.catalogued.S : null",
          ),
        },
        Next: "PlanMarts",
      },
      PlanMarts: {
        ...invoke,
        Comment: "Look at what is curated, and choose the engine by its size",
        Arguments: { FunctionName: resources.planMarts, Payload: build },
        TimeoutSeconds: resources.planSeconds + 30,
        Assign: { plan: jsonata("$states.result.Payload"), plans: jsonata("$plans + 1") },
        Next: "Engine",
      },
      Engine: {
        Type: "Choice",
        Choices: [{ Condition: jsonata("$plan.engine = 'glue'"), Next: "HoldForGlue" }],
        Default: "BuildMarts",
      },
      BuildMarts: {
        ...invoke,
        Comment: "DuckDB on one machine; what turns out to be too much for it goes to Glue",
        Arguments: { FunctionName: resources.buildMarts, Payload: whole },
        TimeoutSeconds: resources.taskSeconds + 30,
        Retry: [retryLambda, retryChangedObject],
        Catch: [
          {
            ErrorEquals: tooMuchForLambda,
            Next: "HoldForGlue",
          },
        ],
        ...wrote,
      },
      HoldForGlue: {
        ...hold,
        Catch: [{ ErrorEquals: leaseLost, Next: "TakeLease" }],
        Next: "BuildMartsOnGlue",
      },
      BuildMartsOnGlue: {
        Type: "Task",
        Resource: "arn:aws:states:::glue:startJobRun.sync",
        Comment: "The same SQL in Spark's dialect, by the generic job",
        Arguments: { JobName: resources.glueJob, Arguments: { "--plan": jsonata("$plan.plan") } },
        TimeoutSeconds: resources.glueSeconds,
        Retry: [retryGlueQueue, retryGlue],
        Catch: [
          {
            ErrorEquals: ["States.TaskFailed"],
            Assign: {
              glue_fault: {
                error: jsonata("$states.errorOutput.Error"),
                cause: jsonata(
                  "$type($states.errorOutput.Cause) = 'string' ? $states.errorOutput.Cause : 'No cause was given'",
                ),
              },
            },
            Next: "MorePlans",
          },
        ],
        Next: "HoldForFinish",
      },
      MorePlans: {
        Type: "Choice",
        Comment: "A plan names curated objects, which reconcile may have written anew since: plan again",
        Choices: [{ Condition: jsonata(`$plans < ${MOST_PLANS}`), Next: "PlanMarts" }],
        Default: "MartsFailed",
      },
      MartsFailed: { Type: "Fail", Error: jsonata("$glue_fault.error"), Cause: jsonata("$glue_fault.cause") },
      HoldForFinish: {
        ...hold,
        Catch: [{ ErrorEquals: leaseLost, Next: "TakeLease" }],
        Next: "FinishMarts",
      },
      FinishMarts: {
        ...invoke,
        Comment: "Check what the job wrote, and write the manifest of the build",
        Arguments: {
          FunctionName: resources.finishMarts,
          Payload: { ...whole, result: jsonata("$plan.result") },
        },
        TimeoutSeconds: resources.taskSeconds + 30,
        ...wrote,
      },

      HoldForSystems: {
        ...hold,
        Catch: [{ ErrorEquals: leaseLost, Next: "TakeLease" }],
        Next: "Publish",
      },
      Publish: {
        Type: "Parallel",
        Comment: "Each branch says for itself how it ended: one that fails does not harm the others",
        Branches: [
          publishMarts(publication("marts", resources.marts)),
          ...Object.entries(resources.systems).map(([system, { task, ...catalogued }]) =>
            publishSystem(publication(system, catalogued), { task, taskSeconds: resources.taskSeconds }),
          ),
        ],
        Assign: {
          builds: jsonata("$builds + 1"),
          failed: jsonata("[$states.result[status = 'FAILED']]"),
          status: jsonata(
            "'FAILED' in $states.result.status ? 'PARTIAL' : 'SUPERSEDED' in $states.result.status ? 'SUPERSEDED' : 'SUCCEEDED'",
          ),
        },
        Next: "AnyBranchFailed",
      },
      AnyBranchFailed: {
        Type: "Choice",
        Choices: [{ Condition: jsonata("$count($failed) > 0"), Next: "NotifyPartial" }],
        Default: "ListWasNew",
      },
      NotifyPartial: {
        Type: "Task",
        Resource: "arn:aws:states:::sns:publish",
        Arguments: {
          TopicArn: resources.operationsTopic,
          Subject: "Penstock: a build is partial",
          Message: jsonata("$string({ 'run_id': $run_id, 'build': $build, 'failed': $failed })"),
        },
        TimeoutSeconds: 30,
        Retry: [retrySns],
        Next: "ListWasNew",
      },
      ListWasNew: {
        Type: "Choice",
        Comment: "Without a pass of reconcile of its own the build may have read an old list of violations",
        Choices: [{ Condition: jsonata("$reconciled"), Next: "ReturnLease" }],
        Default: "AskForAnother",
      },
      AskForAnother: { ...request, Comment: "Another build follows this one", Next: "ReturnLease" },

      ReturnLease: {
        ...giveBack,
        Catch: [{ ErrorEquals: leaseLost, Next: "More" }],
        Next: "RecordRun",
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
          Input: { AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: jsonata("$states.context.Execution.Id") },
        },
        TimeoutSeconds: 60,
        Retry: [retryStepFunctions],
        Next: "RecordRun",
      },
      AnyBuild: {
        Type: "Choice",
        Comment: "Another execution has the lease: it makes the build, or the next one",
        Choices: [{ Condition: jsonata("$builds > 0"), Next: "RecordRun" }],
        Default: "Coalesced",
      },
      RecordRun: {
        ...updateItem,
        Arguments: setAttributes(
          { table: resources.runsTable, name: "run_id", value: runId },
          {
            workflow: { S: "curated-to-prod" },
            execution: { S: jsonata("$states.context.Execution.Id") },
            started_at: { S: jsonata("$states.context.Execution.StartTime") },
            status: { S: jsonata("$status") },
            builds: { N: jsonata("$string($builds)") },
            build: { S: jsonata("$marts.build") },
            curated_rows: { N: jsonata("$string($marts.curated_rows)") },
            orders_left_out: { N: jsonata("$string($marts.orders_left_out)") },
            reconciled: { BOOL: jsonata("$reconciled") },
            failed: { S: jsonata("$string([$failed.system])") },
          },
        ),
        Output: {
          status: jsonata("$status"),
          builds: jsonata("$builds"),
          build: jsonata("$marts.build"),
          curated_rows: jsonata("$marts.curated_rows"),
          failed: jsonata("[$failed.system]"),
        },
        Next: "Built",
      },
      Built: { Type: "Succeed" },
      Coalesced: {
        Type: "Succeed",
        Comment: "Another execution makes the build",
        Output: { status: "COALESCED" },
      },
    },
  );
}

/** The name of a state of one branch: `Check` of `global-market-pulse` is `CheckGlobalMarketPulse`. */
export function branchState(state: string, system: string): string {
  return state + pascalCase(system);
}

function pascalCase(name: string): string {
  return name
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}
