import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

/** A folder of one task's own on local disk, removed with all that is in it at the end of the scope. */
export interface WorkDirectory extends AsyncDisposable {
  readonly path: string;
}

/** Makes a folder under the system's temporary one; in a Lambda that is its ephemeral storage. */
export async function workDirectory(): Promise<WorkDirectory> {
  const folder = await mkdtemp(path.join(tmpdir(), "penstock-"));
  return {
    path: folder,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
