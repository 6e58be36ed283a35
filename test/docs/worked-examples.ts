import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** One fenced block of a page: a new file, changes to a file, or commands. */
export interface Block {
  /** Where it stands, for whoever has to mend it: page, line of the fence, heading. */
  readonly place: string;
  readonly kind: "ts" | "diff" | "sh";
  /** The file that it makes or changes, from the repository's root; empty for commands. */
  readonly file: string;
  readonly lines: readonly string[];
}

const FENCE = "```";

/** The blocks of a page in their order. @throws Error for a block of another kind, or one above which no file stands */
export function blocksOf(page: string, text: string): Block[] {
  const blocks: Block[] = [];
  let heading = "";
  let file = "";
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (line.startsWith("#")) heading = line.replace(/^#+ /, "");
    if (!line.startsWith(FENCE)) {
      if (line !== "") file = /^`([^`]+)`$/.exec(line)?.[1] ?? "";
      continue;
    }
    const place = `${page}:${at + 1} (${heading}${file === "" ? "" : `, ${file}`})`;
    const end = lines.indexOf(FENCE, at + 1);
    const kind = line.slice(FENCE.length);
    if (end < 0) throw new Error(`${place}: the block has no end`);
    if (kind !== "ts" && kind !== "diff" && kind !== "sh") {
      throw new Error(`${place}: a block is \`ts\`, \`diff\` or \`sh\`, not "${kind}"`);
    }
    if (kind !== "sh" && file === "") throw new Error(`${place}: the file of the block must stand above it`);
    blocks.push({ place, kind, file: kind === "sh" ? "" : file, lines: lines.slice(at + 1, end) });
    file = "";
    at = end;
  }
  return blocks;
}

/** Does in a copy of the sources what a block says. @throws Error naming the block, when the sources are not what it says */
export function apply({ place, kind, file, lines }: Block, root: string): void {
  const target = path.join(root, file);
  if (kind === "ts") {
    if (existsSync(target)) throw new Error(`${place}: the file is there already; show the change instead`);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, `${lines.join("\n")}\n`);
    return;
  }
  if (!existsSync(target)) throw new Error(`${place}: there is no such file`);
  const changed = hunksOf(lines).reduce(
    (content, hunk) => changedBy(hunk, content, place),
    readFileSync(target, "utf8").split("\n"),
  );
  writeFileSync(target, changed.join("\n"));
}

function hunksOf(lines: readonly string[]): string[][] {
  const hunks: string[][] = [[]];
  for (const line of lines) {
    if (line === "@@") hunks.push([]);
    else hunks.at(-1)?.push(line);
  }
  return hunks;
}

function changedBy(hunk: readonly string[], content: readonly string[], place: string): string[] {
  const odd = hunk.find((line) => !/^[ +-]/.test(line) && line !== "");
  if (odd !== undefined) throw new Error(`${place}: a line begins with +, - or a space, not as "${odd}"`);
  const side = (other: string) => hunk.filter((line) => !line.startsWith(other)).map((line) => line.slice(1));
  const [before, after] = [side("+"), side("-")];
  if (before.length === 0) throw new Error(`${place}: nothing says where the change belongs`);
  const found = content.flatMap((_, at) =>
    before.every((line, offset) => content[at + offset] === line) ? [at] : [],
  );
  const [at] = found;
  if (at === undefined || found.length > 1) {
    const times = at === undefined ? "not" : `${found.length} times`;
    throw new Error(`${place}: these lines are ${times} in the file:\n${before.join("\n")}`);
  }
  return content.toSpliced(at, before.length, ...after);
}
