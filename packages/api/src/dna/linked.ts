import { dynamoPeople, emailHash } from "@penstock/dna/people";
import { clients, newS3Client, s3ObjectStore } from "@penstock/runtime/aws";
import type { Executions } from "@penstock/runtime/executions";
import { resource } from "@penstock/runtime/resource";
import * as v from "valibot";
import { type Exports, personExports } from "./exports.ts";
import { uploadSigner } from "./sign-upload.ts";

/** What the deployment links, of the settings of Digital DNA. */
const Dna = v.object({
  data: v.string(),
  peopleTable: v.string(),
  filesTable: v.string(),
  handBytes: v.number(),
});
/** An SST secret. */
const Secret = v.object({ value: v.pipe(v.string(), v.minLength(1)) });

/** People and exports of the stage that the function is deployed in. */
export function linkedExports(executions: Executions): Exports {
  const { data, handBytes, peopleTable, filesTable } = resource("Dna", Dna);
  const key = resource("DnaEmailKey", Secret).value;
  // A checksum that the SDK made while signing would be of no bytes.
  const signing = newS3Client({ requestChecksumCalculation: "WHEN_REQUIRED" });
  return personExports({
    people: dynamoPeople(clients.dynamo, { people: peopleTable, files: filesTable }),
    hash: (email) => emailHash(key, email),
    sign: uploadSigner(signing, data),
    store: s3ObjectStore(clients.s3),
    data,
    handBytes,
    executions,
    now: () => Date.now(),
  });
}
