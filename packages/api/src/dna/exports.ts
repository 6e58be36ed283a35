import {
  type ErasureStarted,
  type ExecutionStatus,
  exportKey,
  FileName,
  type FileOutcomes,
  Personas,
  type PersonRegistered,
  personasKey,
  type UploadPlace,
  type UploadWanted,
  type UserId,
} from "@penstock/contracts";
import type { People } from "@penstock/dna/people";
import type { ObjectStore } from "@penstock/runtime/aws";
import { ContractViolation, ObjectMissing } from "@penstock/runtime/errors";
import { type Executions, InvalidPageToken } from "@penstock/runtime/executions";
import * as v from "valibot";
import { Problem } from "../problem.ts";

/** People and their exports, as the API has them. */
export interface Exports {
  register(email: string): Promise<PersonRegistered>;
  /** @throws {Problem} `not-found` for nobody; `invalid-input` for a file that is too large */
  uploadPlace(user: UserId, wanted: UploadWanted): Promise<UploadPlace>;
  /** @throws {Problem} `not-found` @throws {InvalidPageToken} */
  files(user: UserId, page: { limit: number; token: string | undefined }): Promise<FileOutcomes>;
  /** @throws {Problem} `not-found` for nobody, and for somebody of whom nothing is known yet */
  personas(user: UserId): Promise<Personas>;
  /** Begins to erase somebody, once: again it answers with the same, or begins anew when that failed. @throws {Problem} `not-found` */
  erase(user: UserId): Promise<ErasureStarted>;
}

/** An upload that may be made, once signed. */
export interface SignedUpload {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface ExportsPorts {
  readonly people: People;
  /** The keyed hash of an address. */
  readonly hash: (email: string) => string;
  /** Signs a PUT of exactly so many bytes. */
  readonly sign: (key: string, bytes: number, seconds: number) => Promise<SignedUpload>;
  readonly store: Pick<ObjectStore, "getJson">;
  /** Bucket of the exports and personas. */
  readonly data: string;
  /** Most bytes of a file that is read at all. */
  readonly handBytes: number;
  readonly executions: Executions;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** An upload of the largest file over a slow line takes minutes. */
const UPLOAD_SECONDS = 15 * 60;

/** How an execution ends that has not done its work. */
const lost: readonly string[] = ["FAILED", "TIMED_OUT", "ABORTED"] satisfies ExecutionStatus[];

const nobody = () =>
  new Problem("not-found", "There is nobody of this id. Register the person first: POST /api/dna/users.");

/** People and their exports over tables, a bucket and the state machine. */
export function personExports(ports: ExportsPorts): Exports {
  const { people, store, data, handBytes, executions, now } = ports;
  const requireActive = async (user: UserId) => {
    if ((await people.status(user)) !== "active") throw nobody();
  };
  return {
    register: (email) => people.register(ports.hash(email)),
    async uploadPlace(user, { file, bytes }) {
      if (bytes > handBytes) {
        const detail = `A file has at most ${handBytes} bytes. Split it, or leave out what is no text.`;
        throw new Problem("invalid-input", detail, { fields: [{ field: "bytes", detail }] });
      }
      await requireActive(user);
      const ends = now() + UPLOAD_SECONDS * 1000;
      const { url, headers } = await ports.sign(exportKey(user, file), bytes, UPLOAD_SECONDS);
      return { url, method: "PUT", headers: { ...headers }, expires_at: new Date(ends).toISOString() };
    },
    async files(user, { limit, token }) {
      const after = token === undefined ? undefined : fileOf(token);
      await requireActive(user);
      const { files, last } = await people.outcomes(user, { limit, after });
      return { files, next: last === undefined ? null : Buffer.from(last).toString("base64url") };
    },
    async personas(user) {
      await requireActive(user);
      const uri = `s3://${data}/${personasKey(user)}` as const;
      const found = await store.getJson(uri).catch((error: unknown) => {
        if (!(error instanceof ObjectMissing)) throw error;
        throw new Problem(
          "not-found",
          "Nothing is known of this person yet: no file of theirs told anything.",
        );
      });
      const parsed = v.safeParse(Personas, found);
      if (parsed.success) return parsed.output;
      throw new ContractViolation(`${uri} does not have the shape of personas`);
    },
    async erase(user) {
      if ((await people.status(user)) === undefined) throw nobody();
      // One that failed has its name for good: the next one has the next, the same for whoever asks.
      for (let attempt = 1; ; attempt += 1) {
        const name = attempt === 1 ? `forget-${user}` : `forget-${user}-${attempt}`;
        const { id, status } = await executions.start("digital-dna", { user, forget: true }, name);
        if (!lost.includes(status)) return { execution: id };
      }
    },
  };
}

/** @throws {InvalidPageToken} */
function fileOf(token: string): FileName {
  const parsed = v.safeParse(FileName, Buffer.from(token, "base64url").toString("utf8"));
  if (!parsed.success) throw new InvalidPageToken();
  return parsed.output;
}
