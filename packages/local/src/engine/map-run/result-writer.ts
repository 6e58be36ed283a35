import type { Branch } from "../branch.ts";
import { StateFailure, stateErrors } from "../failures.ts";
import type { Fields } from "../fields.ts";
import { CollectedResults } from "./collected-results.ts";
import { ExportedResults } from "./exported-results.ts";
import { oneOf } from "./one-of.ts";
import type { Results } from "./results.ts";
import { textOf } from "./s3-calls.ts";

const writerFields = new Set(["Resource", "Arguments", "WriterConfig"]);
const configFields = new Set(["Transformation", "OutputType"]);

/** Evaluates the fields of a ResultWriter. @throws StateFailure when an expression fails */
export type ResultWriter = (branch: Branch) => Promise<Results>;

/** Compiles `ResultWriter`; without one the outputs of the children are the state's result. */
export function resultWriter(fields: Fields | undefined, stateName: string): ResultWriter {
  if (fields === undefined) return async () => new CollectedResults(undefined, stateName);
  fields.refuseAllBut(writerFields);
  const resource = fields.string("Resource");
  if (resource !== undefined && !/^arn:[^:]+:states:[^:]*:[^:]*:s3:putObject$/.test(resource))
    fields.note("The value must name s3:putObject", "Resource");
  if (resource !== undefined) fields.required("Arguments");
  else if (fields.has("Arguments")) fields.required("Resource");
  else fields.required("WriterConfig");
  const template = fields.template("Arguments");
  const config = fields.object("WriterConfig");
  config?.refuseAllBut(configFields);
  const form = {
    transformation:
      oneOf(config, "Transformation", ["NONE", "COMPACT", "FLATTEN"]) ??
      (resource === undefined ? "COMPACT" : "NONE"),
    outputType: oneOf(config, "OutputType", ["JSON", "JSONL"]) ?? "JSON",
  } as const;
  return async (branch) => {
    if (template === undefined) return new CollectedResults(form, stateName);
    const given = Object(await branch.evaluate(template));
    const bucket = textOf(given, "Bucket");
    const prefix = given.Prefix === undefined ? "" : textOf(given, "Prefix");
    if (bucket === undefined || prefix === undefined) {
      throw new StateFailure(
        stateErrors.resultWriterFailed,
        "The Arguments of the ResultWriter must have a Bucket, and may have a Prefix; both are text.",
      );
    }
    return new ExportedResults(branch, bucket, prefix, form);
  };
}
