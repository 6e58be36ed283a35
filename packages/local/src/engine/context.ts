import type { Branch } from "./branch.ts";

/** The item of a Map that a branch works on. */
export interface MapItem {
  readonly index: number;
  readonly value: unknown;
  /** Of a member of an object. */
  readonly key?: string | undefined;
  /** The S3 URI that an ItemReader has it from; an item of the state's own data has none. */
  readonly source?: string | undefined;
}

/** Types whose context tells how often they were retried. */
const retried = new Set(["Task", "Parallel", "Map"]);

/** The context object, `$states.context`, as a branch sees it in its state. */
export function contextObject(branch: Branch, item: MapItem | undefined): Readonly<Record<string, unknown>> {
  const { run } = branch;
  const { facts } = run;
  const state = branch.at;
  const retryCount = retried.has(state?.type ?? "") ? { RetryCount: branch.retryCount } : {};
  const redriven = run.redrivenAt === undefined ? {} : { RedriveTime: instant(run.redrivenAt) };
  const shown = {
    Execution: {
      Id: facts.arn,
      Input: run.input,
      Name: facts.name,
      RoleArn: facts.roleArn,
      StartTime: instant(run.startedAt),
      RedriveCount: run.redriveCount,
      ...redriven,
    },
    StateMachine: { Id: facts.machineArn, Name: facts.machineName },
    State: { Name: state?.name, EnteredTime: instant(branch.enteredTime), ...retryCount },
    ...(branch.token === undefined ? {} : { Task: { Token: branch.token } }),
    ...(item === undefined ? {} : { Map: { Item: mapItem(item) } }),
  };
  return run.trial?.context(shown) ?? shown;
}

function mapItem({ index, value, key, source }: MapItem): Readonly<Record<string, unknown>> {
  const named = key === undefined ? {} : { Key: key };
  return { Index: index, ...named, Value: value, Source: source ?? "STATE_DATA" };
}

function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
