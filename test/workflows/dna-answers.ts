import type { Answers } from "./execute.ts";

export const machine = "digital-dna";
export const user = `usr_${"0123456789abcdefghjkmnpqrs"}`;
export const conditionFailed = "DynamoDB.ConditionalCheckFailedException";
export const payload = (value: unknown) => ({ Payload: value, StatusCode: 200 });
export const leased = (generation: number) => ({ Attributes: { generation: { N: String(generation) } } });
const person = (status: string) => ({ Item: { status: { S: status } } });
export const [active, erased, unknown] = [person("active"), person("erased"), {}];

/** What S3 tells of an object with this key. */
export const created = (key: string) => ({
  "detail-type": "Object Created",
  source: "aws.s3",
  detail: { bucket: { name: "dna-data" }, object: { key } },
});
export const upload = created(`${user}/stage1/netflix/viewing é.csv`);
export const document = created(`${user}/stage2/netflix/viewing é.csv.json`);

export const read = {
  state: "ready",
  reason: null,
  etag: "e1",
  bytes: 900,
  seen: "2026-11-21T08:00:00.000Z",
  chunks: [0, 1],
  left_out: 0,
  plan: `s3://dna-work/${user}/0123456789abcdef/plan.json`,
};
export const written = {
  status: "processed",
  reason: null,
  document: `s3://dna-data/${user}/stage2/netflix/viewing é.csv.json`,
  items: { financial: 1, social: 0, professional: 0, entertainment: 7 },
  flags: [],
  chunks: 2,
  failed_chunks: 0,
  left_out: 0,
  tokens: 1234,
  cost_usd: 0.0021,
};
export const loaded = {
  plan: `s3://dna-work/${user}/personas/0123456789abcdef/plan-1.json`,
  types: ["financial", "entertainment"],
  documents: 3,
  unreadable: 1,
};
export const saved = {
  changed: true,
  personas: `s3://dna-data/${user}/stage3/personas.json`,
  completeness: { financial: 20, entertainment: 55 },
};

export const answers: Answers = {
  FindPerson: [active],
  Read: [payload(read)],
  CategoriseChunk: [payload({ chunk: 0, state: "categorised" })],
  Merge: [payload(written)],
  TakeLease: [leased(7)],
  ReadRequests: [{ Attributes: { requested: { N: "3" } } }],
  Load: [payload(loaded)],
  UpdatePersona: [payload({ calls: 1, tokens: 500 })],
  Save: [payload(saved)],
  Forget: [payload({ objects: 12, items: 4 })],
};

export const begin = ["Accept", "Route", "FindPerson", "Known"];
export const reading = ["Read", "ReadState"];
export const recorded = ["RecordFile", "RecordFileRun", "FileDone"];
export const wholeFile = [...begin, ...reading, "Categorise", "Merge", "AnyFault", ...recorded];
export const both = { Chunk: ["Categorise", "Categorise"] };

export const asked = [...begin, "NoteLock", "Request", "TakeLease"];
export const window = ["Window", "ReadRequests"];
export const loading = ["HoldForLoad", "Load", "Update", "HoldForSave", "Save"];
export const build = [...window, ...loading, "AnyTypeFailed"];
export const end = ["ReturnLease", "RecordPersonas", "PersonasDone"];
export const wholeBuild = [...asked, ...build, ...end];
export const types = { Persona: ["Update", "Update"] };
export const times = (count: number) => ({ Persona: Array.from({ length: 2 * count }, () => "Update") });

/** How what is nobody's, or is gone, ends. */
export const ignored = (reason: string) => ({ status: "IGNORED", reason });

/** How a call of the model ends without harm to the others. */
export const lost = [
  ...[
    "ModelOutputInvalid",
    "ModelThrottled",
    "ModelBudgetSpent",
    "UpstreamUnavailable",
    "Throttled",
    "Unexpected",
  ],
  ...["States.Timeout", "Sandbox.Timedout", "Runtime.ExitError", "Runtime.OutOfMemory", "Lambda.Unknown"],
];
