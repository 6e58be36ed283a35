/** Trino's parts of a date format (MySQL's) and what strftime and strptime of DuckDB call them. */
const PARTS: Readonly<Record<string, string>> = {
  "%": "%%",
  H: "%H",
  I: "%I",
  M: "%B",
  S: "%S",
  T: "%H:%M:%S",
  W: "%A",
  Y: "%Y",
  a: "%a",
  b: "%b",
  c: "%-m",
  d: "%d",
  e: "%-d",
  f: "%f",
  h: "%I",
  i: "%M",
  j: "%j",
  k: "%-H",
  l: "%-I",
  m: "%m",
  p: "%p",
  r: "%I:%M:%S %p",
  s: "%S",
  v: "%V",
  x: "%G",
  y: "%y",
};

/** A format of date_format and date_parse in DuckDB's words; undefined for one with other parts, as Trino has them (%D, %U). */
export function dateFormat(format: string): string | undefined {
  let known = true;
  const written = format.replaceAll(/%(.?)/gs, (_, part: string) => {
    const found = Object.hasOwn(PARTS, part) ? PARTS[part] : undefined;
    known &&= found !== undefined;
    return found ?? "";
  });
  return known ? written : undefined;
}

/** Runs of letters of a format of Joda's and what strftime calls them. */
const RUNS: Readonly<Record<string, string>> = {
  E: "%a",
  EE: "%a",
  EEE: "%a",
  EEEE: "%A",
  H: "%-H",
  HH: "%H",
  M: "%-m",
  MM: "%m",
  MMM: "%b",
  MMMM: "%B",
  SSS: "%g",
  a: "%p",
  d: "%-d",
  dd: "%d",
  h: "%-I",
  hh: "%I",
  mm: "%M",
  ss: "%S",
  ww: "%V",
  xxxx: "%G",
  y: "%Y",
  yy: "%y",
  yyyy: "%Y",
};

/** A format of format_datetime in DuckDB's words; undefined for one with other letters. */
export function jodaFormat(format: string): string | undefined {
  let known = true;
  const written = format.replaceAll(
    /'((?:[^']|'')*)'|([A-Za-z])\2*|%/g,
    (part: string, quoted: string | undefined) => {
      if (part === "%") return "%%";
      if (quoted !== undefined)
        return (quoted === "" ? "'" : quoted.replaceAll("''", "'")).replaceAll("%", "%%");
      const found = Object.hasOwn(RUNS, part) ? RUNS[part] : undefined;
      known &&= found !== undefined;
      return found ?? "";
    },
  );
  return known ? written : undefined;
}
