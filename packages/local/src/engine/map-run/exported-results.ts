import type { Branch } from "../branch.ts";
import { stateErrors } from "../failures.ts";
import { formed, type ResultForm } from "./collected-results.ts";
import type { ChildInput } from "./item-batcher.ts";
import type { MapRun } from "./map-run.ts";
import { ResultFile } from "./result-file.ts";
import type { EndedChild, Results } from "./results.ts";
import { type S3Calls, s3Calls } from "./s3-calls.ts";

/** The files that children go to, by how they ended. */
type Kind = "SUCCEEDED" | "FAILED" | "PENDING";
type Listed = Record<Kind, { readonly Key: string; readonly Size: number }[]>;

/**
 * Results in a bucket: `<prefix>/<id of the Map Run>/` has a file of all that succeeded, one of all that failed, one of
 * all that were not begun, and a manifest. A redrive writes its own below that, in `Redrive-1/` and so on; its manifest
 * has the successes of all attempts, but only its own failures.
 *
 * AWS begins another file at 5 GB. Here there is one of each kind, always number 0.
 */
export class ExportedResults implements Results {
  readonly exported = true;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #form: ResultForm;
  readonly #files = new Map<Kind, ResultFile>();
  #listed: Listed = { FAILED: [], PENDING: [], SUCCEEDED: [] };
  #directory = "";
  #call: S3Calls;

  constructor(branch: Branch, bucket: string, prefix: string, form: ResultForm) {
    this.#bucket = bucket;
    this.#prefix = prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`;
    this.#form = form;
    this.#call = s3Calls(branch, stateErrors.resultWriterFailed);
  }

  /** Begins an upload and drops it: without the permission to write, no child runs. */
  async open(branch: Branch, mapRun: MapRun): Promise<void> {
    this.#call = s3Calls(branch, stateErrors.resultWriterFailed);
    const id = mapRun.arn.slice(mapRun.arn.lastIndexOf(":") + 1);
    const redrive = mapRun.redriveCount === 0 ? "" : `Redrive-${mapRun.redriveCount}/`;
    this.#directory = `${this.#prefix}${id}/${redrive}`;
    this.#listed = { FAILED: [], PENDING: [], SUCCEEDED: this.#listed.SUCCEEDED };
    const place = { Bucket: this.#bucket, Key: `${this.#directory}manifest.json` };
    const { UploadId } = await this.#call("createMultipartUpload", place);
    await this.#call("abortMultipartUpload", { ...place, UploadId });
  }

  add(child: EndedChild): Promise<void> | undefined {
    const file = this.#file(child.outcome.status === "SUCCEEDED" ? "SUCCEEDED" : "FAILED");
    let room: Promise<void> | undefined;
    for (const result of formed(child, this.#form.transformation)) room = file.add(result, this.#call);
    return room;
  }

  async close(
    branch: Branch,
    mapRun: MapRun,
    pending: AsyncIterable<ChildInput> | undefined,
    signal: AbortSignal,
  ): Promise<unknown> {
    const call = s3Calls(branch, stateErrors.resultWriterFailed, signal);
    for await (const { input } of pending ?? []) {
      const waiting = { Input: JSON.stringify(input), InputDetails: { Included: true }, Status: "PENDING" };
      await this.#file("PENDING").add(waiting, call);
    }
    for (const [kind, file] of this.#files) {
      this.#listed[kind].push(await file.close(call));
      this.#files.delete(kind);
    }
    const Key = `${this.#directory}manifest.json`;
    const manifest = {
      DestinationBucket: this.#bucket,
      MapRunArn: mapRun.arn,
      ResultFiles: this.#listed,
    };
    await call("putObject", { Bucket: this.#bucket, Key, Body: JSON.stringify(manifest) });
    return { MapRunArn: mapRun.arn, ResultWriterDetails: { Bucket: this.#bucket, Key } };
  }

  release(): void {
    this.#files.clear();
  }

  #file(kind: Kind): ResultFile {
    const known = this.#files.get(kind);
    if (known !== undefined) return known;
    const ending = this.#form.outputType === "JSONL" ? "jsonl" : "json";
    const file = new ResultFile(this.#bucket, `${this.#directory}${kind}_0.${ending}`, this.#form.outputType);
    this.#files.set(kind, file);
    return file;
  }
}
