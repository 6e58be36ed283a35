import { computeFeatures, type FeatureQueries, folderOfTry, unload } from "./asl/compute-features.ts";
import { define, flow, jsonata } from "./asl/define.ts";
import { counted, type FeatureTasksOf, featureTasks, ofRun, runLockName } from "./asl/feature-tasks.ts";
import { type JudgingOf, judgeInteractions } from "./asl/judge-interactions.ts";
import {
  retryChangedObject,
  retryGlue,
  retryGlueQueue,
  retryLambda,
  retryPublishing,
} from "./asl/retries.ts";
import type { Definition } from "./asl/states.ts";

/** What `feature-pipeline` works with. Functions and topics by ARN; tables, jobs, buckets, workgroups by name. */
export interface FeaturePipelineResources extends FeatureTasksOf, FeatureQueries, JudgingOf {
  readonly syncCatalogue: string;
  readonly planFeatures: string;
  readonly catalogueCandidate: string;
  readonly profileFeatures: string;
  readonly publishOnline: string;
  readonly checkParity: string;
  readonly acceptFeatures: string;
  readonly glueJob: string;
  /** Holds the list of slices that are published. */
  readonly featuresBucket: string;
  /** Limit of one Glue job run, seconds, time in Glue's queue included. */
  readonly glueSeconds: number;
  readonly publishing: { readonly concurrency: number; readonly slicesPerCall: number };
}

/**
 * Raw interactions → validated, cleaned, features of users, products and interactions, current offline and online.
 *
 * Input: `{ mode, scheduled_at }` from a schedule, {@link FeaturePipelineInput} of `@penstock/contracts` by hand.
 * Output: `{ status, run_id, … }`: SUCCEEDED; VALIDATED where only that was asked for; EMPTY where no day
 * of the run has a line; COALESCED while another execution does just the same: days, mode,
 * destination, and whether it only validates.
 * Fails as ValidationFailed where a threshold broke, as FeaturesAllNull where a feature has no value for anybody, as
 * ParityBroken where the online store holds something else than the files. Everything else fails at its own state, and
 * a redrive goes on there. Until `AcceptFeatures` has switched the pointer, readers of files see the run before.
 */
export function featurePipeline(resources: FeaturePipelineResources): Definition {
  const tasks = featureTasks(resources);
  const { invoke, notify, record, lock } = tasks;
  const given = jsonata(
    "$merge([$states.input, { 'execution_id': $states.context.Execution.Id, 'started_at': $states.context.Execution.StartTime }])",
  );

  return define(
    {
      comment: "Interactions to features of users, products and interactions, current offline and online",
      timeoutSeconds: resources.runSeconds,
      startAt: "Accept",
    },
    {
      Accept: {
        Type: "Pass",
        Comment: "What was asked for, and when and by which execution: the plan decides which days these are",
        Assign: { given, plans: 0 },
        Next: "Mode",
      },
      Mode: {
        Type: "Choice",
        Comment: "A range is of days whose catalogues have been taken; who only looks changes nothing",
        Choices: [
          {
            Condition: jsonata("$given.mode in ['daily', 'weekly'] and $not($given.validate_only = true)"),
            Next: "SyncCatalogue",
          },
        ],
        Default: "PlanFeatures",
      },
      SyncCatalogue: {
        ...invoke(resources.syncCatalogue, {}),
        Comment:
          "Products and users as curated now, under the day that it is: for the runs of the days to come",
        Retry: [retryLambda, retryChangedObject],
        Next: "PlanFeatures",
      },
      PlanFeatures: {
        ...invoke(resources.planFeatures, jsonata("$given")),
        Comment:
          "The days, the attempt, and which days have other raw objects than those that were landed of them",
        Assign: { run: jsonata("$states.result.Payload"), plans: jsonata("$plans + 1") },
        Next: "RecordStart",
      },
      RecordStart: {
        ...record({
          workflow: { S: "feature-pipeline" },
          execution: { S: jsonata("$states.context.Execution.Id") },
          started_at: { S: jsonata("$states.context.Execution.StartTime") },
          status: { S: "RUNNING" },
          feature_run: { S: jsonata("$run.run_id") },
          attempt: { S: jsonata("$run.attempt") },
          from: { S: jsonata("$run.from") },
          to: { S: jsonata("$run.to") },
          plan: { S: jsonata("$run.plan") },
          lock: { S: runLockName },
        }),
        Comment: "Before the lock is taken: on-failure finds its name here",
        Next: "TakeLock",
      },
      TakeLock: {
        ...lock.take,
        Catch: [{ ...lock.taken, Next: "RecordCoalesced" }],
        Next: "CheckArrivals",
      },
      RecordCoalesced: { ...record({ status: { S: "COALESCED" } }), Next: "Coalesced" },
      Coalesced: {
        Type: "Succeed",
        Comment: "Another execution works on the same days",
        Output: { status: "COALESCED", run_id: jsonata("$run.run_id") },
      },

      ...judgeInteractions(resources, tasks),

      Clean: {
        Type: "Task",
        Resource: "arn:aws:states:::glue:startJobRun.sync",
        Comment:
          "Duplicates, inactive products and bots out, text normalised, attributes of the event's own day",
        Arguments: {
          JobName: resources.glueJob,
          Arguments: { "--plan": jsonata("$verdict.clean.plan") },
        },
        TimeoutSeconds: resources.glueSeconds,
        Retry: [retryGlueQueue, retryGlue],
        Next: "CatalogueCandidate",
      },
      CatalogueCandidate: {
        ...invoke(resources.catalogueCandidate, { ...ofRun, result: jsonata("$verdict.clean.result") }),
        Comment: "Registers the clean rows of all days as one snapshot, and writes the queries over it",
        Assign: {
          candidate: jsonata("$states.result.Payload"),
          alerts: jsonata("[$alerts, $states.result.Payload.alerts]"),
          splits: jsonata("$exists($states.result.Payload.queries.split)"),
          split_try: null,
        },
        Next: "ComputeFeatures",
      },
      ComputeFeatures: { ...computeFeatures(resources), Next: "ProfileFeatures" },
      ProfileFeatures: {
        ...invoke(resources.profileFeatures, { ...ofRun, tries: jsonata("$tries") }),
        Comment: "Completeness, distribution, drift against the last features that were accepted",
        Assign: { profile: jsonata("$states.result.Payload") },
        Next: "Quality",
      },
      Quality: {
        Type: "Choice",
        Choices: [
          { Condition: jsonata("$count($profile.null_everywhere) > 0"), Next: "NotifyAllNull" },
          {
            Condition: jsonata("$count($profile.drifted) > 0 or $count($candidate.alerts) > 0"),
            Next: "NotifyUnusual",
          },
        ],
        Default: "AnySplit",
      },
      NotifyAllNull: {
        ...notify(
          "features without any value",
          "'profile': $profile.profile, 'null_everywhere': [$profile.null_everywhere], 'alerts': [$candidate.alerts]",
        ),
        Next: "FeaturesAllNull",
      },
      FeaturesAllNull: {
        Type: "Fail",
        Error: "FeaturesAllNull",
        Cause: jsonata(
          "$join([$profile.null_everywhere], ', ') & ' without a value for anybody; see ' & $profile.profile",
        ),
      },
      NotifyUnusual: {
        ...notify(
          "unusual features",
          "'report': $verdict.report, 'profile': $profile.profile, 'drifted': [$profile.drifted], 'alerts': [$candidate.alerts], 'removed': $candidate.removed",
        ),
        Comment:
          "Drift, and much that cleaning took out: told, and published, for the world may have changed",
        Next: "AnySplit",
      },
      AnySplit: {
        Type: "Choice",
        Comment: "A weekly run is for training",
        Choices: [{ Condition: jsonata("$splits"), Next: "Split" }],
        Default: "Publish",
      },
      Split: {
        ...unload(resources, "split"),
        Comment:
          "Over the interactions' features, which the profile has registered where their query wrote at last",
        Assign: { split_try: folderOfTry },
        Next: "Publish",
      },
      Publish: {
        Type: "Map",
        Label: "Publish",
        Comment: "Slices of the feature files into the online store",
        ItemReader: {
          Resource: "arn:aws:states:::s3:getObject",
          ReaderConfig: { InputType: "JSON" },
          Arguments: {
            Bucket: resources.featuresBucket,
            Key: jsonata("$substringAfter($substringAfter($profile.slices, 's3://'), '/')"),
          },
        },
        ItemBatcher: { MaxItemsPerBatch: resources.publishing.slicesPerCall, BatchInput: ofRun },
        MaxConcurrency: resources.publishing.concurrency,
        ItemProcessor: {
          ...flow("PublishSlices", {
            PublishSlices: {
              ...invoke(resources.publishOnline, {
                plan: jsonata("$states.input.BatchInput.plan"),
                slices: jsonata("[$states.input.Items]"),
              }),
              Retry: [retryLambda, retryPublishing],
              Output: jsonata("$states.result.Payload"),
              End: true,
            },
          }),
          ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
        },
        Assign: {
          published: jsonata("$sum([$states.result.written])"),
          withdrawn: jsonata("$sum([$states.result.withdrawn])"),
        },
        Next: "CheckParity",
      },
      CheckParity: {
        ...invoke(resources.checkParity, ofRun),
        Comment: "A sample of keys: the store holds what the files say",
        Assign: { parity: jsonata("$states.result.Payload") },
        Next: "Parity",
      },
      Parity: {
        Type: "Choice",
        Choices: [{ Condition: jsonata("$parity.mismatches > 0"), Next: "NotifyParity" }],
        Default: "AcceptFeatures",
      },
      NotifyParity: {
        ...notify(
          "online and offline features differ",
          "'sampled': $parity.sampled, 'mismatches': $parity.mismatches",
        ),
        Next: "ParityBroken",
      },
      ParityBroken: {
        Type: "Fail",
        Error: "ParityBroken",
        Cause: jsonata(
          "$parity.mismatches & ' of ' & $parity.sampled & ' sampled keys are not online as they are in the files'",
        ),
      },
      AcceptFeatures: {
        ...invoke(resources.acceptFeatures, { ...ofRun, split_try: jsonata("$split_try") }),
        Comment: "Lineage, the manifest, and the pointer by which all of it is current at once",
        Retry: [retryLambda, retryPublishing],
        Assign: { accepted: jsonata("$states.result.Payload") },
        Next: "ReturnLock",
      },
      ReturnLock: {
        ...lock.giveBack,
        Catch: [{ ...lock.taken, Next: "RecordRun" }],
        Next: "RecordRun",
      },
      RecordRun: {
        ...record({
          status: { S: "SUCCEEDED" },
          report: { S: jsonata("$verdict.report") },
          profile: { S: jsonata("$profile.profile") },
          manifest: { S: jsonata("$accepted.manifest") },
          generation: counted("$accepted.generation"),
          lines: counted("$verdict.lines"),
          rows: counted("$verdict.rows"),
          rejected: counted("$verdict.rejected"),
          later_catalogue_days: counted("$verdict.later_catalogue.days"),
          later_catalogue_rows: counted("$verdict.later_catalogue.rows"),
          clean_rows: counted("$candidate.rows"),
          published: counted("$published"),
          withdrawn: counted("$withdrawn"),
          feature_rows: { S: jsonata("$string($profile.rows)") },
          removed: { S: jsonata("$string($candidate.removed)") },
          drifted: { S: jsonata("$string([$profile.drifted])") },
          alerts: { S: jsonata("$string($alerts)") },
        }),
        Output: {
          status: "SUCCEEDED",
          run_id: jsonata("$run.run_id"),
          attempt: jsonata("$run.attempt"),
          from: jsonata("$run.from"),
          to: jsonata("$run.to"),
          report: jsonata("$verdict.report"),
          profile: jsonata("$profile.profile"),
          manifest: jsonata("$accepted.manifest"),
          rows: jsonata("$profile.rows"),
          removed: jsonata("$candidate.removed"),
          published: jsonata("$published"),
          absent: jsonata("[$profile.absent]"),
          drifted: jsonata("[$profile.drifted]"),
          alerts: jsonata("$alerts"),
        },
        Next: "Done",
      },
      Done: { Type: "Succeed" },
    },
  );
}
