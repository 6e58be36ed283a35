import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { bootCloud } from "../../packages/local/src/cloud/index.ts";
import { clientsOf } from "./clients.ts";
import { clientOfRole, type FormOptions, signedFields } from "./signed-forms.ts";
import * as graph from "./small-graph.ts";

const allow = (Action: string | string[], Resource: string) => ({ Effect: "Allow", Action, Resource });
const KEY = "arn:aws:kms:us-east-1:000000000000:key/seal";
const resources = [
  graph.bucket("uploads"),
  graph.bucket("others"),
  graph.bucket("sealed"),
  graph.notifying("uploads"),
  graph.queue("changes"),
  ...graph.rule("created", { source: ["aws.s3"] }, { arn: graph.queueArn("changes") }),
  graph.resource("aws:kms/key:Key", "seal", {}, { arn: KEY, keyId: "seal" }),
  graph.resource(
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "sealed-encryption",
    {
      bucket: "sealed",
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY } }],
    },
  ),
  graph.role("signer-role", [
    allow("s3:PutObject", "arn:aws:s3:::uploads/uploads/*"),
    allow("s3:PutObject", "arn:aws:s3:::sealed/*"),
  ]),
  graph.role("sealer-role", [allow(["s3:PutObject", "kms:GenerateDataKey"], "*")]),
];

/** A cloud with buckets that forms can be made for, by a role that may write some keys of them. */
export async function openFormCloud() {
  const data = mkdtempSync(join(tmpdir(), "penstock-test-"));
  const functions = ["signer", "sealer"].map((name) => graph.lambda(name, "environment"));
  const cloud = await bootCloud(graph.graphOf(resources, functions), {
    root: graph.root,
    dataDirectory: data,
  });
  const [signer, sealer] = await Promise.all([clientOfRole(cloud, "signer"), clientOfRole(cloud, "sealer")]);
  const own = clientsOf(cloud.endpoint);
  let turn = 0;
  const key = () => `uploads/ana/${turn}.png`;
  return {
    signer,
    sealer,
    own,
    /** The folder that the objects lie in. */
    objects: join(data, "s3"),
    /** The key that forms are for until the next turn. */
    key,
    nextTurn: () => {
      turn += 1;
    },
    url: (bucket = "uploads") => `${cloud.endpoint}/${bucket}`,
    /** A form for this turn's key: a PNG of 1 to 100 bytes, to be answered 201. */
    form: (options: Partial<FormOptions> = {}, client = signer) =>
      signedFields(client, {
        Bucket: "uploads",
        Key: key(),
        Fields: { "Content-Type": "image/png", success_action_status: "201" },
        Conditions: [["content-length-range", 1, 100]],
        ...options,
      }),
    /** Keys of what lies there since this turn began. */
    async stored(): Promise<string[]> {
      const listing = new ListObjectsV2Command({ Bucket: "uploads", Prefix: key() });
      const { Contents = [] } = await own.s3.send(listing);
      return Contents.map(({ Key = "" }) => Key);
    },
    /** Files of what is on its way in. */
    incoming: () => readdirSync(join(data, "s3/.incoming")),
    async close(): Promise<void> {
      await cloud.close();
      rmSync(data, { recursive: true });
    },
  };
}

export type FormCloud = Awaited<ReturnType<typeof openFormCloud>>;
