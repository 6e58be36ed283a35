export { clients, newS3Client } from "./aws/clients.ts";
export { conditionHeld } from "./aws/condition-held.ts";
export { awsFailure, fromAws } from "./aws/failures.ts";
export { type BuildCheck, buildCheck } from "./builds/build-check.ts";
export { glueCatalogue } from "./builds/glue-catalogue.ts";
export {
  type BuildCatalogue,
  type BuildsBucket,
  type KeptBuilds,
  removeSuperseded,
} from "./builds/remove-superseded.ts";
export * from "./errors.ts";
export { inParallel } from "./in-parallel.ts";
export { dynamoLeases } from "./leases/dynamo.ts";
export type { Leases } from "./leases/leases.ts";
export { memoryLeases } from "./leases/memory.ts";
export { forSpark } from "./plan/for-spark.ts";
export { parsePlan, type QueryPlan, WrittenPart } from "./plan/query-plan.ts";
export { checkAhead, type PlanRun, runPlan } from "./plan/run-plan.ts";
export { type MaskedTexts, maskTexts } from "./prelude/mask-texts.ts";
export { resource } from "./resource.ts";
export type { PlainValue, Row } from "./session/rows.ts";
export { type DuckSession, openSession, type SessionOptions } from "./session/session.ts";
export {
  type AliasUse,
  type AthenaStatement,
  athenaStatement,
  bindParameters,
  type CreateTableAs,
  defineOperations,
  ParameterMismatch,
  type Predicate,
  type TableName,
  type TableReference,
  TrinoRefusal,
  trinoType,
  type Unload,
} from "./sql/athena-statement.ts";
export { identifier, text } from "./sql/quote.ts";
export { type Engine, toEngine } from "./sql/to-engine.ts";
export { directoryObjectStore } from "./store/directory.ts";
export type { ObjectFacts, ObjectStore, PutCondition } from "./store/object-store.ts";
export { s3ObjectStore } from "./store/s3.ts";
export { type WorkDirectory, workDirectory } from "./store/work-directory.ts";
export { parseInput } from "./task/input.ts";
export { named } from "./task/named.ts";
export { type MessageContext, type QueueTaskHandler, queueTask } from "./task/queue-task.ts";
export { type TaskHandler, task } from "./task/task.ts";
export type { InputSchema, TaskContext } from "./task/task-context.ts";
export { isS3Uri, parseS3Uri, type S3Location, type S3Uri, s3Uri } from "./uri.ts";
