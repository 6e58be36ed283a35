/**
 * Regular expressions of Trino (Joni with Java's syntax) as RE2 reads them, which DuckDB has: the same matches, or a reason
 * why there are none. Joni's classes are Unicode's; letters are folded by (?i) one by one here, so that ß is not ss.
 */

/** Classes of Unicode as they stand within brackets. */
const CLASSES: Readonly<Record<string, string>> = {
  d: "\\p{Nd}",
  s: "\\t\\n\\v\\f\\r \\x{85}\\p{Z}",
  w: "\\p{L}\\p{M}\\p{N}\\p{Pc}",
};
const NEGATED: Readonly<Record<string, string>> = { D: "d", S: "s", W: "w" };
/** Escapes that both read alike. */
const SAME = /[^A-Za-z0-9]|[ntrfAzpP]/;

/** The parts of a pattern: an escape, a class, an opening of a group, or a character. */
const PART = /\\(?:[pP]\{[A-Za-z_]+\}|.)|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?[a-zA-Z]*[:)=!<]?|./gsu;

/**
 * Why a pattern cannot run; undefined for one that can.
 * @param group that is taken out, 0 for the whole match; undefined where only a match is asked for
 */
export function patternProblem(pattern: string, group: number | undefined): string | undefined {
  for (const [part] of pattern.matchAll(PART)) {
    if (part.startsWith("\\")) {
      const letter = part.slice(1, 2);
      if (letter === "" || !(SAME.test(letter) || letter in CLASSES || letter in NEGATED))
        return `the escape ${part} in its pattern`;
    }
    if (part.startsWith("[") && part.length > 1) {
      if (/&&|\[/.test(part.slice(1).replaceAll(/\\./gs, ""))) return "a class within a class in its pattern";
      for (const [, letter = ""] of part.matchAll(/\\(.)/gsu))
        if (!(SAME.test(letter) || letter in CLASSES))
          return `the escape \\${letter} in a class of its pattern`;
    }
    if (/^\(\?/.test(part) && !/^\(\?i?[:)]$/.test(part)) return `the group ${part} in its pattern`;
    if (part === "$" && group === 0) return "$ in its pattern, which may take a line end along; write \\z";
  }
  if (/[*+?}]\+/.test(pattern.replaceAll(/\\./gs, "_").replaceAll(/\[[^\]]*\]/g, "_")))
    return "a possessive quantifier in its pattern";
  if (group !== undefined && group > 0) return groupProblem(pattern, group);
  return undefined;
}

/** The pattern as RE2 reads it. */
export function re2(pattern: string): string {
  return pattern.replaceAll(PART, (part) => {
    if (part === "$") return "(?:\\n?\\z)";
    if (part.startsWith("\\")) {
      const letter = part.slice(1);
      if (letter in CLASSES) return `[${CLASSES[letter]}]`;
      return letter in NEGATED ? `[^${CLASSES[NEGATED[letter] ?? ""]}]` : part;
    }
    if (!part.startsWith("[") || part.length === 1) return part;
    return part.replaceAll(/\\([dsw])/g, (_, letter: string) => CLASSES[letter] ?? "");
  });
}

/** What stands for matched groups: `$1` is `\1`. Undefined for one with names. */
export function replacementOf(text: string): string | undefined {
  if (/\$(?![0-9])/.test(text.replaceAll(/\\./gs, ""))) return undefined;
  return text.replaceAll(/\\(.)|\$([0-9])|\\/gs, (_, literal?: string, group?: string) => {
    if (group !== undefined) return `\\${group}`;
    return literal === "\\" || literal === undefined ? "\\\\" : literal;
  });
}

/** A group that a match may leave out is NULL to Trino and empty to DuckDB. */
function groupProblem(pattern: string, wanted: number): string | undefined {
  const parts = [...pattern.matchAll(PART)].map(([part]) => part);
  const open: { number: number; optional: boolean }[] = [{ number: 0, optional: false }];
  const within = new Map<number, number[]>();
  /** Groups that may be passed over; negative for one with alternatives. */
  const optional = new Set<number>();
  let count = 0;
  let id = 1000;
  for (const [at, part] of parts.entries()) {
    if (part === "(" || part === "(?:" || part === "(?i:") {
      const number = part === "(" ? ++count : ++id;
      within.set(
        number,
        open.map((each) => each.number),
      );
      open.push({ number, optional: false });
    } else if (part === "|") {
      optional.add(-(open.at(-1)?.number ?? 0));
    } else if (part === ")") {
      const closed = open.pop();
      const next = parts[at + 1] ?? "";
      if (closed !== undefined && (/^[?*]$/.test(next) || (next === "{" && parts[at + 2] === "0")))
        optional.add(closed.number);
    }
  }
  if (wanted > count) return `no group ${wanted} in its pattern`;
  const around = within.get(wanted) ?? [];
  const may = optional.has(wanted) || around.some((each) => optional.has(each) || optional.has(-each));
  return may ? `the group ${wanted}, which a match may leave out` : undefined;
}
