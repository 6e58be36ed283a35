import { S3Client } from "@aws-sdk/client-s3";
import { beforeEach, describe, expect, it } from "vitest";
import { uploadSigner } from "../../packages/api/src/dna/sign-upload.ts";
import type { FileOutcome } from "../../packages/contracts/src/index.ts";
import { TestApp } from "./test-app.ts";

let at: TestApp;
let user: string;
beforeEach(() => {
  at = new TestApp();
  user = at.people.add();
});
const of = (path: string, whose = user) => `/api/dna/users/${whose}${path}`;
const unknown = `usr_${"0".repeat(26)}`;
const wanted = { file: "netflix/ViewingActivity.csv", bytes: 120 };

describe("a person", () => {
  it("is registered by their address, and found again by it", async () => {
    const body = { email: "Ada@Example.org" };

    const first = await at.ask("POST", "/api/dna/users", { body });
    const again = await at.ask("POST", "/api/dna/users", { body: { email: "ada@example.org" } });

    expect([first.status, first.answer]).toEqual([
      200,
      { user: expect.stringMatching(/^usr_/), created: true },
    ]);
    expect(again.answer).toEqual({ ...first.answer, created: false });
    expect(first.headers.get("cache-control")).toBe("no-store");
    expect([...at.people.byHash.keys()].join()).not.toContain("@");
  });

  it.each([
    ["no address", { email: "ada" }],
    ["none", {}],
    ["more than an address", { email: "ada@example.org", name: "Ada" }],
  ])("is not registered with %s, and the answer repeats nothing", async (_, body) => {
    const { status, errors } = await at.problem("POST", "/api/dna/users", { body });

    expect([status, JSON.stringify(errors).includes("Ada")]).toEqual([400, false]);
  });

  it("of an id that is none, or nobody's, or of somebody erased has no files, personas and uploads", async () => {
    at.people.standing.set(user, "erased");

    for (const [whose, status] of [
      ["ada@example.org", 400],
      ["..", 404],
      [unknown, 404],
      [user, 404],
    ] as const) {
      expect((await at.problem("GET", of("/files", whose))).status).toBe(status);
      expect((await at.problem("GET", of("/personas", whose))).status).toBe(status);
      expect((await at.problem("POST", of("/uploads", whose), { body: wanted })).status).toBe(status);
    }
  });
});

describe("an upload", () => {
  it("goes to the person's own stage1, of exactly the size and for a quarter of an hour", async () => {
    const { status, answer, headers } = await at.ask("POST", of("/uploads"), { body: wanted });

    expect([status, answer]).toEqual([
      201,
      {
        url: `https://data.example/${user}/stage1/${wanted.file}?signed`,
        method: "PUT",
        headers: { "content-length": "120" },
        expires_at: "2026-01-31T00:15:00.000Z",
      },
    ]);
    expect(headers.get("cache-control")).toBe("no-store");
  });

  it.each([
    ["that leaves the folder", { file: "../../stage2/x.json", bytes: 1 }, "file"],
    ["from the root", { file: "/etc/passwd", bytes: 1 }, "file"],
    ["with a mark that turns the writing", { file: "a\u202efdp.exe", bytes: 1 }, "file"],
    ["of half a byte", { file: "a", bytes: 0.5 }, "bytes"],
    ["that is too large", { file: "a", bytes: 1001 }, "bytes"],
  ])("%s is refused", async (_, body, field) => {
    const { status, errors } = await at.problem("POST", of("/uploads"), { body });

    expect([status, errors?.map((each) => each.field)]).toEqual([400, [field]]);
  });

  it("is signed with its size and nothing that the SDK adds", async () => {
    const client = new S3Client({
      region: "us-east-1",
      credentials: { accessKeyId: "key", secretAccessKey: "secret" },
      requestChecksumCalculation: "WHEN_REQUIRED",
    });

    const { url, headers } = await uploadSigner(client, "data")(`${user}/stage1/a b/ä.csv`, 12, 900);

    const { pathname, searchParams } = new URL(url);
    expect(pathname).toBe(`/${user}/stage1/a%20b/%C3%A4.csv`);
    expect(searchParams.get("X-Amz-SignedHeaders")).toBe("content-length;host");
    expect(searchParams.get("X-Amz-Expires")).toBe("900");
    expect([...searchParams.keys()].filter((name) => /checksum/i.test(name))).toEqual([]);
    expect(headers).toEqual({ "content-length": "12" });
  });
});

describe("files", () => {
  const outcome = (file: string): FileOutcome => ({
    file,
    status: "processed",
    reason: null,
    etag: "e",
    bytes: 1,
    seen: "2026-01-31T00:00:00Z",
    run_id: "r",
    flagged: false,
    flags: [],
    items: { financial: 1, social: 0, professional: 0, entertainment: 0 },
    chunks: 1,
    failed_chunks: 0,
    left_out: 0,
    tokens: 9,
  });

  it("come in pages, and a token goes on where the page ended", async () => {
    at.people.found.push(outcome("a.csv"), outcome("ä/b.csv"));

    const first = await at.ask("GET", of("/files?limit=1"));
    const second = await at.ask("GET", of(`/files?limit=1&token=${first.answer.next}`));

    expect(first.answer).toMatchObject({ files: [{ file: "a.csv" }], next: expect.any(String) });
    expect(second.answer).toMatchObject({ files: [{ file: "ä/b.csv" }], next: null });
  });

  it("do not go on from a token of one's own making", async () => {
    const { status, errors } = await at.problem(
      "GET",
      of(`/files?token=${Buffer.from("..").toString("base64url")}`),
    );

    expect([status, errors?.map(({ field }) => field)]).toEqual([400, ["token"]]);
  });
});

describe("personas", () => {
  it("are what is written, and missing before anything is", async () => {
    const written = await at.ask("GET", of("/personas"));
    at.people.personas.delete(user);

    const missing = await at.problem("GET", of("/personas"));

    expect([written.status, written.answer, written.headers.get("cache-control")]).toEqual([
      200,
      {},
      "no-store",
    ]);
    expect(missing.status).toBe(404);
  });
});

describe("erasing", () => {
  it("starts one execution, whichever request comes and however often", async () => {
    const first = await at.ask("DELETE", of(""));
    at.people.standing.set(user, "erased");
    for (const execution of at.port.executions.values()) Object.assign(execution, { status: "SUCCEEDED" });

    const again = await at.ask("DELETE", of(""));

    expect([first.status, first.answer]).toEqual([202, { execution: `digital-dna:forget-${user}` }]);
    expect(again.answer).toEqual(first.answer);
    expect([...at.port.executions.values()].map(({ input }) => JSON.parse(input ?? ""))).toEqual([
      { user, forget: true },
    ]);
  });

  it.each(["FAILED", "TIMED_OUT", "ABORTED"])(
    "begins anew when the execution before ended as %s, once for all who ask",
    async (status) => {
      await at.ask("DELETE", of(""));
      for (const execution of at.port.executions.values()) Object.assign(execution, { status });

      const anew = await at.ask("DELETE", of(""));
      const again = await at.ask("DELETE", of(""));

      expect([anew.status, anew.answer]).toEqual([202, { execution: `digital-dna:forget-${user}-2` }]);
      expect(again.answer).toEqual(anew.answer);
      expect([...at.port.executions.values()].map((each) => [each.status, each.input])).toEqual(
        [status, "RUNNING"].map((each) => [each, JSON.stringify({ forget: true, user })]),
      );
    },
  );

  it("is for nobody who is not there, and cannot be started as a run", async () => {
    const started = await at.problem("POST", "/api/pipelines/digital-dna/executions", {
      body: { user, forget: true },
    });

    expect((await at.problem("DELETE", of("", unknown))).status).toBe(404);
    expect([started.status, started.errors?.map(({ field }) => field)]).toEqual([400, ["forget"]]);
    expect([...at.port.executions]).toEqual([]);
  });
});

it("people are for those who may send exports, personas for those who may read them, and for nobody else", async () => {
  const everyone = [
    "penstock/run",
    "penstock/operate",
    "penstock/analyse",
    "penstock/ingest",
    "penstock/features",
    "penstock/exports",
    "penstock/personas",
  ];

  for (const [method, path, body, scope] of [
    ["POST", "/api/dna/users", { email: "a@b" }, "penstock/exports"],
    ["POST", of("/uploads"), wanted, "penstock/exports"],
    ["GET", of("/files"), undefined, "penstock/exports"],
    ["GET", of("/personas"), undefined, "penstock/personas"],
    ["DELETE", of(""), undefined, "penstock/exports"],
  ] as const) {
    const others = everyone.filter((each) => each !== scope);
    expect((await at.problem(method, path, { body, scopes: undefined })).status).toBe(401);
    expect((await at.problem(method, path, { body, scopes: others })).status).toBe(403);
    expect((await at.ask(method, path, { body, scopes: [scope] })).status).toBeLessThan(300);
  }
});
