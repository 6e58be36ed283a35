import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const platform = path.resolve(import.meta.dirname, "../../.sst");

/** A folder with a program of its own and the installed platform, outside the repository. */
export class ProgramFolder {
  readonly root = mkdtempSync(path.join(tmpdir(), "penstock-program-"));

  /** @param run the body of `run()` in sst.config.ts */
  constructor(run: string) {
    mkdirSync(path.join(this.root, ".sst"));
    for (const part of ["platform", "provider-lock.json"]) {
      symlinkSync(path.join(platform, part), path.join(this.root, ".sst", part));
    }
    this.write("package-lock.json", "{}");
    this.program(run);
  }

  /** Replaces the body of `run()`; it begins on line 6 of sst.config.ts. */
  program(run: string): void {
    this.write(
      "sst.config.ts",
      `export default $config({
  app: () => ({ name: "shop", home: "aws", providers: { aws: { region: "eu-west-1" } } }),
  async run() {
    const fs = await import("node:fs");
    fs.appendFileSync("evaluations", "x");
${run}
  },
});
`,
    );
  }

  write(file: string, content: string): void {
    mkdirSync(path.dirname(path.join(this.root, file)), { recursive: true });
    writeFileSync(path.join(this.root, file), content);
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
