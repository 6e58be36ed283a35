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
