import { InvokeCommand, type InvokeCommandInput } from "@aws-sdk/client-lambda";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bootCloud, type Cloud } from "../../packages/local/src/cloud/index.ts";
import { clientsOf, eventually } from "./clients.ts";
import { bucket, functionArn, graphOf, lambda, root } from "./small-graph.ts";

let cloud: Cloud;
let clients: ReturnType<typeof clientsOf>;

beforeAll(async () => {
  const functions = [
    lambda("Echo", "echo"),
    lambda("Count", "count"),
    lambda("Fail", "fail"),
    lambda("Hang", "hang", { timeoutSeconds: 1 }),
    lambda("Sleep", "sleep"),
    lambda("Crash", "crash"),
    lambda("Hoard", "hoard", { memoryMb: 256 }),
    lambda("Stray", "stray"),
    lambda("Environment", "environment", {
      environment: { GREETING: "hello" },
      links: { Lake: { raw: "raw-bucket", locksTable: "locks" } },
    }),
    lambda("Circular", "circular"),
    lambda("Write", "write"),
    lambda("Identify", "identify"),
    lambda("Nowhere", "nowhere"),
    { ...lambda("Missing", "echo"), handler: "test/local/functions/none.handler" },
    lambda("Large", "large"),
  ];
  cloud = await bootCloud(graphOf([bucket("written")], functions), { root });
  clients = clientsOf(cloud.endpoint);
});
afterAll(() => cloud.close());

async function invoke(FunctionName: string, event: unknown = {}, more: Partial<InvokeCommandInput> = {}) {
  const command = new InvokeCommand({ FunctionName, Payload: JSON.stringify(event), ...more });
  const { Payload, FunctionError, StatusCode, LogResult } = await clients.lambda.send(command);
  const text = Buffer.from(Payload ?? []).toString();
  const log = Buffer.from(LogResult ?? "", "base64").toString();
  return { payload: text === "" ? undefined : JSON.parse(text), FunctionError, StatusCode, log };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("an invocation", () => {
  test.each([{ a: [1, "ü", null] }, "text", 0, null, []])(
    "answers %j with what the handler returns",
    async (event) => {
      expect(await invoke("Echo", event)).toMatchObject({
        payload: event,
        StatusCode: 200,
        FunctionError: undefined,
      });
    },
  );

  test.each(["Echo", "Echo:$LATEST", functionArn("Echo"), "000000000000:function:Echo"])(
    "finds its function as %s",
    async (name) => {
      expect((await invoke(name, 7)).payload).toBe(7);
    },
  );

  test("of a function that the program does not have is ResourceNotFoundException", async () => {
    await expect(invoke("Nobody")).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: `Function not found: ${functionArn("Nobody")}:$LATEST`,
    });
  });

  test("with a body that is no JSON is InvalidRequestContentException", async () => {
    const call = clients.lambda.send(new InvokeCommand({ FunctionName: "Echo", Payload: "{" }));

    await expect(call).rejects.toMatchObject({ name: "InvalidRequestContentException" });
  });

  test("with more than 6 MiB is RequestTooLargeException", async () => {
    const call = clients.lambda.send(
      new InvokeCommand({ FunctionName: "Echo", Payload: JSON.stringify("x".repeat(6 * 1024 * 1024)) }),
    );

    await expect(call).rejects.toMatchObject({ $metadata: { httpStatusCode: 413 } });
  });

  test("has a context, and its own time limit in it", async () => {
    const { payload } = await invoke("Identify");

    expect(payload).toMatchObject({
      functionName: "Identify",
      invokedFunctionArn: functionArn("Identify"),
      memoryLimitInMB: "512",
      logGroupName: "/aws/lambda/Identify",
    });
    expect(payload.awsRequestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(payload.remaining).toBeGreaterThan(0);
    expect(payload.remaining).toBeLessThanOrEqual(30_000);
  });

  test("tells what it printed when asked", async () => {
    const { log } = await invoke("Count", {}, { LogType: "Tail" });

    expect(log).toMatch(
      /^START RequestId: \S+ Version: \$LATEST\n.*call \d+\n.*END RequestId.*\nREPORT .*Max Memory Used: \d+ MB\n$/s,
    );
    expect(cloud.log("Count")).toContain(log);
  });

  test("can be queued: the answer comes at once, the work is done", async () => {
    const { StatusCode, payload } = await invoke(
      "Write",
      { bucket: "written", key: "later", body: "x" },
      { InvocationType: "Event" },
    );

    expect([StatusCode, payload === undefined || payload === ""]).toEqual([202, true]);
    const object = await eventually(() =>
      clients.s3.send(new GetObjectCommand({ Bucket: "written", Key: "later" })).catch(() => undefined),
    );
    expect(await object.Body?.transformToString()).toBe("x");
  });
});

describe("a sandbox", () => {
  test("is used again while it lives, one invocation at a time", async () => {
    const { payload: first } = await invoke("Count");
    const { payload: second } = await invoke("Count");

    expect(second).toEqual({ calls: first.calls + 1, pid: first.pid });
  });

  test("is not shared by invocations at the same time", async () => {
    const together = await Promise.all([invoke("Sleep", { ms: 300 }), invoke("Sleep", { ms: 300 })]);

    expect(new Set(together.map(({ payload }) => payload.pid)).size).toBe(2);
  });

  test("beyond what the machine bears waits for its turn, and every invocation has an answer", async () => {
    const many = await Promise.all(Array.from({ length: 20 }, (_, index) => invoke("Echo", index)));

    expect(many.map(({ payload }) => payload)).toEqual(Array.from({ length: 20 }, (_, index) => index));
    expect(cloud.sandboxPids().length).toBeLessThanOrEqual(16);
  });

  test("has the environment of Lambda and nothing of this machine's own", async () => {
    process.env.PENSTOCK_TEST_SECRET = "of the machine";
    const { payload } = await invoke("Environment");
    delete process.env.PENSTOCK_TEST_SECRET;

    expect(payload).toMatchObject({
      AWS_REGION: "us-east-1",
      AWS_LAMBDA_FUNCTION_NAME: "Environment",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "512",
      AWS_ENDPOINT_URL: cloud.endpoint,
      GREETING: "hello",
      SST_RESOURCE_Lake: '{"raw":"raw-bucket","locksTable":"locks"}',
      SST_RESOURCE_App: '{"name":"sample","stage":"test"}',
    });
    expect(Object.keys(payload)).not.toContain("PENSTOCK_TEST_SECRET");
    expect(Object.keys(payload)).not.toContain("HOME");
  });

  test("calls with credentials that stand for its role", async () => {
    const { payload } = await invoke("Environment");
    const {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    } = payload;
    const { sts } = clientsOf(cloud.endpoint);
    sts.config.credentials = async () => ({ accessKeyId, secretAccessKey, sessionToken });

    const { Arn } = await sts.send(new GetCallerIdentityCommand({}));

    expect(Arn).toBe("arn:aws:sts::000000000000:assumed-role/Environment-role/Environment");
  });

  test("reaches the cloud's services through the SDK with no configuration", async () => {
    const { payload } = await invoke("Write", { bucket: "written", key: "from lambda", body: "bytes" });

    expect(payload.ETag).toMatch(/^"[0-9a-f]{32}"$/);
  });
});

describe("a failure", () => {
  test("that the handler throws is reported by name, message and trace, and the sandbox lives on", async () => {
    const before = new Set(cloud.sandboxPids());
    const first = await invoke("Fail", { message: "shelf 7 is empty" });
    const started = cloud.sandboxPids().filter((pid) => !before.has(pid));
    const second = await invoke("Fail", { message: "again" });

    expect(first.FunctionError).toBe("Unhandled");
    expect(first.payload).toMatchObject({ errorType: "OutOfStock", errorMessage: "shelf 7 is empty" });
    expect(first.payload.trace[0]).toBe("OutOfStock: shelf 7 is empty");
    expect(second.payload.errorType).toBe("OutOfStock");
    for (const pid of started) expect(isAlive(pid)).toBe(true);
  });

  test("by its time limit kills even a loop, and the next invocation has a new sandbox", async () => {
    const first = await invoke("Hang");
    const second = await invoke("Hang");

    for (const { payload, FunctionError } of [first, second]) {
      expect(FunctionError).toBe("Unhandled");
      expect(payload.errorType).toBe("Sandbox.Timedout");
      expect(payload.errorMessage).toMatch(/^RequestId: \S+ Error: Task timed out after 1\.00 seconds$/);
    }
  });

  test("for want of memory, native memory included, kills the sandbox", async () => {
    const { payload, FunctionError } = await invoke("Hoard");

    expect(FunctionError).toBe("Unhandled");
    expect(payload.errorType).toBe("Runtime.OutOfMemory");
    expect(payload.errorMessage).toMatch(/Runtime exited with error: signal: killed$/);
  });

  test.each([
    [0, "Runtime exited without providing a reason"],
    [3, "Runtime exited with error: exit status 3"],
  ])("by exiting with %i is Runtime.ExitError", async (code, message) => {
    const { payload } = await invoke("Crash", { code });

    expect(payload.errorType).toBe("Runtime.ExitError");
    expect(payload.errorMessage).toMatch(/^RequestId: \S+ Error: /);
    expect(payload.errorMessage).toContain(message);
    expect((await invoke("Crash", { code })).payload.errorType).toBe("Runtime.ExitError");
  });

  test("beside the handler's promise is the invocation's failure", async () => {
    const { payload } = await invoke("Stray");

    expect(payload).toMatchObject({ errorType: "RangeError", errorMessage: "nobody awaits this" });
  });

  test("to write the answer as JSON is Runtime.MarshalError", async () => {
    expect((await invoke("Circular")).payload.errorType).toBe("Runtime.MarshalError");
  });

  test("to find the module or the handler in it is named as Lambda names it", async () => {
    expect((await invoke("Missing")).payload.errorType).toBe("Runtime.ImportModuleError");
    expect((await invoke("Nowhere")).payload).toMatchObject({
      errorType: "Runtime.HandlerNotFound",
      errorMessage: "test/local/functions/sample.nowhere is undefined or not exported",
    });
  });

  test("by an answer of more than 6 MiB is Function.ResponseSizeTooLarge", async () => {
    expect((await invoke("Large")).payload.errorType).toBe("Function.ResponseSizeTooLarge");
  });
});

test("closing the cloud ends every sandbox, also one at work", async () => {
  const other = await bootCloud(graphOf([], [lambda("Sleep", "sleep"), lambda("Echo", "echo")]), { root });
  const { lambda: client } = clientsOf(other.endpoint);
  await client.send(new InvokeCommand({ FunctionName: "Echo", Payload: "1" }));
  const atWork = client.send(new InvokeCommand({ FunctionName: "Sleep", Payload: '{"ms":60000}' }));
  atWork.catch(() => {});
  const pids = await eventually(() => (other.sandboxPids().length === 2 ? other.sandboxPids() : undefined));

  await other.close();

  expect(pids.map(isAlive)).toEqual([false, false]);
});
