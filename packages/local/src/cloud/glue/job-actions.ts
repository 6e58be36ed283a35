import { type Action, text } from "../gateway/json-service.ts";
import type { JobRun, JobRuns } from "./job-runs.ts";

/** Glue's JSON has instants as seconds since the epoch. */
function seconds(date: Date): number {
  return date.getTime() / 1000;
}

function described(run: JobRun): Record<string, unknown> {
  const { job, endedAt } = run;
  const last = endedAt ?? new Date();
  return {
    Id: run.id,
    Attempt: 0,
    JobName: job.name,
    JobRunState: run.state,
    StartedOn: seconds(run.startedAt),
    LastModifiedOn: seconds(last),
    ...(endedAt === undefined ? {} : { CompletedOn: seconds(endedAt) }),
    Arguments: run.arguments,
    ...(run.errorMessage === undefined ? {} : { ErrorMessage: run.errorMessage }),
    PredecessorRuns: [],
    ExecutionTime: Math.round((last.getTime() - run.startedAt.getTime()) / 1000),
    Timeout: job.timeoutMinutes,
    WorkerType: job.workerType,
    NumberOfWorkers: job.numberOfWorkers,
    GlueVersion: job.glueVersion,
  };
}

/** Arguments are texts by name; anything else is no argument. */
function jobArguments(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, String(each)]));
}

/** Actions on the runs of jobs. */
export function jobActions(runs: JobRuns): Readonly<Record<string, Action>> {
  return {
    StartJobRun: (parameters) => ({
      JobRunId: runs.start(text(parameters, "JobName"), jobArguments(parameters.Arguments)).id,
    }),
    GetJobRun: (parameters) => ({
      JobRun: described(runs.get(text(parameters, "JobName"), text(parameters, "RunId"))),
    }),
    GetJobRuns: (parameters) => ({ JobRuns: runs.of(text(parameters, "JobName")).map(described) }),
    BatchStopJobRun: (parameters) => {
      const JobName = text(parameters, "JobName");
      const ids: unknown[] = Array.isArray(parameters.JobRunIds) ? parameters.JobRunIds : [];
      const stopped = ids.map((id) => runs.get(JobName, String(id)));
      for (const run of stopped) runs.stop(run);
      return { SuccessfulSubmissions: stopped.map((run) => ({ JobName, JobRunId: run.id })), Errors: [] };
    },
  };
}
