/** A record's values by the names of its columns or keys, which are compared by their words in small letters. */
export class Fields {
  readonly #values: readonly (readonly [name: string, value: string])[];

  constructor(values: readonly (readonly [name: string, value: string])[]) {
    this.#values = values.map(([name, value]) => [words(name), value.trim()]);
  }

  /** The first value that is not empty, of a field whose name fits. */
  get(name: RegExp): string | undefined {
    return this.#values.find(([each, value]) => value !== "" && name.test(each))?.[1];
  }

  /** Whether there is such a field, be it empty. */
  has(name: RegExp): boolean {
    return this.#values.some(([each]) => name.test(each));
  }

  get names(): readonly string[] {
    return this.#values.map(([name]) => name);
  }
}

/** `artistName`, `Artist_Name` and ` ARTIST NAME` alike. */
export function words(name: string): string {
  return name
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** The cells of a line of a table with commas; a quote in quotes is doubled. */
export function cellsOf(line: string): string[] {
  const cells: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^,]*))(,|$)/gy;
  for (let found = cell.exec(line); found !== null; found = cell.exec(line)) {
    const [, quoted, bare = "", then] = found;
    cells.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (then !== ",") break;
  }
  return cells;
}

/** The values of `key: value; other.key: value`. */
export function pairsOf(text: string): (readonly [string, string])[] {
  return text.split(/; (?=[^:;]{1,100}: )/).flatMap((pair) => {
    const at = pair.indexOf(": ");
    return at < 1 ? [] : [[pair.slice(0, at), pair.slice(at + 2)] as const];
  });
}
