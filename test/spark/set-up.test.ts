import { execFile } from "node:child_process";
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
let folder: string;
let bin: string;

/** A checkout of its own with nothing but what sets Spark up, and a PATH with nothing but what a test puts there. */
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "penstock-set-up-"));
  bin = path.join(folder, "bin");
  for (const name of ["test/spark", ".ci", "bin"]) await mkdir(path.join(folder, name), { recursive: true });
  for (const name of ["test/spark/set-up.mjs", ".ci/run"])
    await copyFile(path.join(root, name), path.join(folder, name));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function program(name: string, script: string): Promise<void> {
  await writeFile(path.join(bin, name), `#!/bin/sh\n${script}\n`);
  await chmod(path.join(bin, name), 0o755);
}

const java = (version: string) => program("java", `echo 'openjdk version "${version}" 2025-04-15' >&2`);
/** Answers its version, and makes environments with a pip that ends as it is told. */
const python = (version: string, pip: string) =>
  program(
    "python3",
    `[ "$1" = -c ] && { echo ${version}; exit; }
/bin/mkdir -p "$3/bin"
printf '#!/bin/sh\\n${pip}\\n' > "$3/bin/pip"
/bin/cp "$0" "$3/bin/python"
/bin/chmod +x "$3/bin/pip"`,
  );

async function run(file: string, args: readonly string[] = []) {
  const answer = await promisify(execFile)(file, args, { env: { PATH: bin } }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      stdout,
      stderr,
    }),
  );
  return answer;
}
const setUp = () => run(process.execPath, [path.join(folder, "test/spark/set-up.mjs")]);

describe("setting Spark up", () => {
  it("installs it where Java and Python are those that it runs on, once", async () => {
    await java("17.0.15");
    await python("3.11", "exit 0");

    const first = await setUp();
    const again = await setUp();

    expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/installing pyspark==3\.5\.6/) });
    expect(await readFile(path.join(folder, ".penstock/spark/.penstock-setup"), "utf8")).toBe(
      "pyspark==3.5.6",
    );
    expect(again).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it.each([
    ["no Java", async () => {}, /needs Java 17, and java is not there/],
    ["another Java", () => java("11.0.2"), /needs Java 17, and java is 11\.0\.2/],
    ["an old Java", () => java("1.8.0_402"), /needs Java 17, and java is 1\.8\.0_402/],
    ["no Python", () => java("17.0.1"), /needs Python 3\.9, 3\.10 or 3\.11, and python3 is not there/],
    [
      "a later Python",
      async () => {
        await java("17.0.1");
        await python("3.13", "exit 0");
      },
      /needs Python 3\.9, 3\.10 or 3\.11, and python3 is 3\.13/,
    ],
    [
      "no way to PyPI",
      async () => {
        await java("17.0.1");
        await python("3.10", "echo no network >&2; exit 1");
      },
      /installing pyspark==3\.5\.6 failed/,
    ],
  ])("says that it is not run where there is %s, and why: 69", async (_, prepare, reason) => {
    await prepare();

    const { code, stderr } = await setUp();

    expect([code, stderr]).toEqual([69, expect.stringMatching(/^Spark: not run, because .*\.$/m)]);
    expect(stderr).toMatch(reason);
  });

  it("looks for Java where an environment is there already", async () => {
    await java("17.0.15");
    await python("3.11", "exit 0");
    await setUp();
    await rm(path.join(bin, "java"));

    expect(await setUp()).toMatchObject({ code: 69, stderr: expect.stringMatching(/java is not there/) });
  });
});

describe(".ci/run", () => {
  const ci = () => run("/bin/bash", [path.join(folder, ".ci/run")]);
  /** npm that says what it was asked for, and sets Spark up as it is told. */
  const npm = async (setsUp: number, sparkTests = 0) => {
    await symlink("/usr/bin/dirname", path.join(bin, "dirname"));
    await program(
      "npm",
      `echo "npm $*"
case "$*" in *setup:spark) exit ${setsUp} ;; *test:spark) exit ${sparkTests} ;; esac`,
    );
  };
  const asked = (stdout: string) => stdout.trim().split("\n");

  it("runs Spark's tests and then all others", async () => {
    await npm(0);

    const { code, stdout } = await ci();

    expect([code, asked(stdout)]).toEqual([
      0,
      ["npm run --silent setup:spark", "npm run --silent test:spark", "npm test --silent"],
    ]);
  });

  it("goes on without Spark where it cannot be set up", async () => {
    await npm(69);

    const { code, stdout } = await ci();

    expect([code, asked(stdout)]).toEqual([0, ["npm run --silent setup:spark", "npm test --silent"]]);
  });

  it.each([
    ["setting up ends in another way", 1, 0],
    ["Spark's tests fail", 0, 1],
  ])("fails where %s", async (_, setsUp, sparkTests) => {
    await npm(setsUp, sparkTests);

    const { code, stdout } = await ci();

    expect([code, asked(stdout)]).toEqual([1, expect.not.arrayContaining(["npm test --silent"])]);
  });
});
