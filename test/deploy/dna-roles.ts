const READ = ["s3:GetObject"];
const LIST = ["s3:ListBucket"];
const PUT = ["s3:PutObject"];
const BOTH = ["s3:GetObject", "s3:PutObject"];
const REMOVE = ["s3:DeleteObject"];
const INVOKE = ["lambda:InvokeFunction"];

/** One letter for each of a person's id: a folder that is called like a stage is none. */
const anybody = `usr_${"?".repeat(26)}`;
const stage = (name: string) => `dnadata/${anybody}/${name}/*`;
const readings = `dnawork/${anybody}/${"?".repeat(16)}/*`;
const builds = `dnawork/${anybody}/personas/*`;

/** Every task asks whether the person is there still. */
const who = { "table/People": ["dynamodb:GetItem"] };
/** To ask Nova Pro by way of its profile. */
export const asking: Record<string, string[]> = {
  "inference-profile/us.amazon.nova-pro-v1:0": ["bedrock:InvokeModel"],
  ...Object.fromEntries(
    ["us-east-1", "us-east-2", "us-west-2"].map((region) => [
      `arn:aws:bedrock:${region}::foundation-model/amazon.nova-pro-v1:0`,
      ["bedrock:InvokeModel"],
    ]),
  ),
};

const tasks = [
  ...["CategoriseChunk", "ForgetPerson", "LoadPersonas", "ReadExport"],
  ...["SavePersonas", "UpdatePersona", "WriteDocument"],
];

/** What the API may do with people and their exports: sign what goes up, and read what comes out. */
export const knowing: Record<string, string[]> = {
  "table/People": ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem"],
  "table/DnaFiles": ["dynamodb:Query"],
  [stage("stage1")]: PUT,
  [stage("stage3")]: READ,
  dnadata: LIST,
};

/** What each role of Digital DNA may do, by resource. */
export const dnaRoles: Readonly<Record<string, Record<string, string[]>>> = {
  ReadExportRole: {
    ...who,
    [stage("stage1")]: READ,
    [stage("stage2")]: READ,
    [readings]: PUT,
    dnadata: LIST,
  },
  CategoriseChunkRole: { ...who, [readings]: BOTH, dnawork: LIST, ...asking },
  WriteDocumentRole: {
    ...who,
    [stage("stage1")]: READ,
    [stage("stage2")]: BOTH,
    [readings]: READ,
    dnadata: LIST,
    dnawork: LIST,
  },
  LoadPersonasRole: {
    ...who,
    [stage("stage2")]: READ,
    [stage("stage3")]: READ,
    [builds]: PUT,
    dnadata: LIST,
  },
  UpdatePersonaRole: {
    ...who,
    [stage("stage3")]: BOTH,
    [builds]: READ,
    dnadata: LIST,
    dnawork: LIST,
    ...asking,
  },
  SavePersonasRole: { ...who, [stage("stage3")]: BOTH, [builds]: READ, dnadata: LIST, dnawork: LIST },
  ForgetPersonRole: {
    "table/People": ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:UpdateItem"],
    "table/DnaFiles": ["dynamodb:DeleteItem", "dynamodb:Query"],
    [`dnadata/${anybody}/*`]: REMOVE,
    [`dnawork/${anybody}/*`]: REMOVE,
    dnadata: LIST,
    dnawork: LIST,
  },
  DigitalDnaRole: {
    ...Object.fromEntries(tasks.map((task) => [task, INVOKE])),
    "table/People": ["dynamodb:GetItem", "dynamodb:UpdateItem"],
    "table/DnaFiles": ["dynamodb:UpdateItem"],
    "table/Locks": ["dynamodb:UpdateItem"],
    "table/Runs": ["dynamodb:UpdateItem"],
    "data-engineering": ["sns:Publish"],
    operations: ["sns:Publish"],
    // Itself, to go on in a new execution.
    "stateMachine:digital-dna": ["states:StartExecution"],
  },
  PersonObjectCreatedRuleRole: { "stateMachine:digital-dna": ["states:StartExecution"] },
};
