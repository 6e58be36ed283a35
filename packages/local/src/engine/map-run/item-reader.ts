import type { Branch } from "../branch.ts";
import { StateFailure, stateErrors } from "../failures.ts";
import { type Fields, isInteger } from "../fields.ts";
import { parseResource } from "../resource.ts";
import { failureOf } from "../tokens.ts";
import { delimiters, type ReaderConfig, readItems, UnreadableItems } from "./formats.ts";

const readerFields = new Set(["Resource", "Arguments", "ReaderConfig"]);
const configFields = new Set([
  "InputType",
  "CSVHeaderLocation",
  "CSVHeaders",
  "CSVDelimiter",
  "MaxItems",
  "ItemsPointer",
]);
/** AWS's quota for the items of one Map Run. */
const maxItems = 100_000_000;

/** Reads the items of a Distributed Map. @throws StateFailure `States.ItemReaderFailed` */
export type ItemReader = (branch: Branch) => Promise<readonly unknown[]>;

/** Compiles `ItemReader`: objects of a bucket, or the items in one object. */
export function itemReader(fields: Fields): ItemReader {
  fields.only(readerFields);
  fields.required("Resource");
  const resource = fields.string("Resource") ?? "";
  const target = parseResource(resource);
  const action = target?.kind === "integration" && target.service === "s3" ? target.action : undefined;
  if (fields.has("Resource") && action !== "getObject" && action !== "listObjectsV2") {
    fields.note("The value must name s3:getObject or s3:listObjectsV2", "Resource");
  }
  const template = fields.template("Arguments");
  const config = fields.object("ReaderConfig");
  config?.only(configFields);
  const limit = config?.typed("MaxItems", isInteger, "integer");
  const format = action === "getObject" ? readerConfig(fields, config) : undefined;
  return async (branch) => {
    const given = template === undefined ? {} : Object(await branch.evaluate(template));
    const most = (await branch.typed(limit)) ?? 0;
    if (most < 0) throw failed("field MaxItems must be positive");
    const end = most === 0 ? maxItems : Math.min(most, maxItems);
    const call = async (args: unknown) => {
      if (target === undefined) throw new Error("An ItemReader was accepted whose resource cannot be read");
      try {
        const { facts, services } = branch.run;
        const state = { name: branch.at?.name ?? "", retryCount: branch.retryCount };
        const { signal } = branch;
        const submitted = () => {};
        return Object(
          await services.call({
            resource,
            target,
            arguments: args,
            signal,
            execution: facts,
            state,
            submitted,
          }),
        );
      } catch (thrown) {
        branch.checkpoint();
        throw failed(failureOf(thrown).failureCause ?? "The object could not be read");
      }
    };
    if (format === undefined) return listing(given, end, call);
    const { Body } = await call(given);
    try {
      return readItems(typeof Body === "string" ? Body : Buffer.from(Body).toString("utf8"), format).slice(
        0,
        end,
      );
    } catch (thrown) {
      if (thrown instanceof UnreadableItems) throw failed(thrown.message);
      throw thrown;
    }
  };
}

async function listing(
  given: Readonly<Record<string, unknown>>,
  end: number,
  call: (args: unknown) => Promise<Readonly<Record<string, unknown>>>,
): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  let token: unknown;
  do {
    const answer = await call(token === undefined ? given : { ...given, ContinuationToken: token });
    if (Array.isArray(answer.Contents)) found.push(...answer.Contents);
    token = answer.NextContinuationToken;
  } while (token !== undefined && found.length < end);
  return found.slice(0, end);
}

function readerConfig(fields: Fields, config: Fields | undefined): ReaderConfig {
  const inputType = config?.string("InputType");
  const location = config?.string("CSVHeaderLocation");
  const known = inputType === "JSON" || inputType === "JSONL" || inputType === "CSV";
  if (!known) fields.note("The value must be one of JSON, JSONL and CSV", "ReaderConfig/InputType");
  if (inputType === "CSV" && location !== "FIRST_ROW" && location !== "GIVEN") {
    fields.note("The value must be FIRST_ROW or GIVEN", "ReaderConfig/CSVHeaderLocation");
  }
  if (location === "GIVEN") config?.required("CSVHeaders");
  const delimiter = delimiters[config?.string("CSVDelimiter") ?? "COMMA"];
  if (delimiter === undefined)
    config?.note(`The value must be one of ${Object.keys(delimiters)}`, "CSVDelimiter");
  return {
    inputType: known ? inputType : "JSON",
    headers: location === "GIVEN" ? config?.strings("CSVHeaders") : undefined,
    delimiter: delimiter ?? ",",
    itemsPointer: config?.string("ItemsPointer"),
  };
}

function failed(cause: string): StateFailure {
  return new StateFailure(stateErrors.itemReaderFailed, cause);
}
