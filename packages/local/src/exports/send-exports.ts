import {
  ErasureStarted,
  type FileOutcome,
  FileOutcomes,
  Personas,
  PersonRegistered,
  UploadPlace,
} from "@penstock/contracts";
import { ApiRefused, answered } from "../main-job/answered.ts";
import type { CallApi } from "../main-job/call-api.ts";

const of = (user: string, path: string) => `/api/dna/users/${encodeURIComponent(user)}${path}`;

/** The id that an address stands for, from now on at the latest. @throws {ApiRefused} */
export async function registerPerson(call: CallApi, email: string): Promise<PersonRegistered> {
  const response = await call("/api/dna/users", { method: "POST", body: JSON.stringify({ email }) });
  return answered(PersonRegistered, response, "the person could not be registered");
}

/** Uploads an export as anybody does: asks for the place, and sends the file there. @returns its entity tag @throws {ApiRefused} */
export async function sendExport(
  call: CallApi,
  user: string,
  { file, bytes }: { readonly file: string; readonly bytes: Uint8Array },
  signal: AbortSignal,
): Promise<string> {
  const body = JSON.stringify({ file, bytes: bytes.byteLength });
  const asked = await call(of(user, "/uploads"), { method: "POST", body });
  const { url, method } = await answered(UploadPlace, asked, `${file} could not be uploaded`);
  // The one header that it asks for, the length, is what fetch sends of itself.
  const sent = await fetch(url, { method, body: Buffer.from(bytes), signal });
  await sent.body?.cancel();
  if (!sent.ok)
    throw new ApiRefused(`${file} could not be uploaded: S3 answered ${sent.status}`, sent.status);
  return (sent.headers.get("etag") ?? "").replaceAll('"', "");
}

/** What became of all files of a person, in order of their names. @throws {ApiRefused} */
export async function fileOutcomes(call: CallApi, user: string): Promise<FileOutcome[]> {
  const files: FileOutcome[] = [];
  for (let token: string | null = ""; token !== null; ) {
    const query: string = token === "" ? "" : `?token=${encodeURIComponent(token)}`;
    const page: FileOutcomes = await answered(
      FileOutcomes,
      await call(of(user, `/files${query}`)),
      `the files of ${user} could not be listed`,
    );
    files.push(...page.files);
    token = page.next;
  }
  return files;
}

/** A person's personas; undefined where nothing is known. @throws {ApiRefused} */
export async function readPersonas(call: CallApi, user: string): Promise<Personas | undefined> {
  const response = await call(of(user, "/personas"));
  if (response.status === 404) {
    await response.body?.cancel();
    return undefined;
  }
  return answered(Personas, response, `the personas of ${user} could not be read`);
}

/** Begins to erase a person. @returns the execution's id @throws {ApiRefused} */
export async function erasePerson(call: CallApi, user: string): Promise<string> {
  const response = await call(of(user, ""), { method: "DELETE" });
  return (await answered(ErasureStarted, response, `${user} could not be erased`)).execution;
}
