import { text } from "../../quote.ts";
import type { Body } from "./bodies.ts";
import { A, B, C, failing, isInteger, isList, isText, operandName, unexpected } from "./types.ts";

/** What Java takes for white space, which TRIM takes off. */
const SPACES = String.fromCodePoint(
  ...[9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006],
  ...[0x2008, 0x2009, 0x200a, 0x2028, 0x2029, 0x205f, 0x3000],
);

/** A function of texts alone. */
const ofTexts =
  (name: string, body: string): Body =>
  (types) =>
    types.every(isText) ? body : unexpected(name, types);

/** A function whose first operands are texts, and the others whole numbers. */
const ofTextsAndNumbers =
  (name: string, texts: number, body: string): Body =>
  (types) => {
    const fit = types.every((type, at) => (at < texts ? isText(type) : isInteger(type)));
    return fit ? body : unexpected(name, types);
  };

const concat: Body = (types) => {
  const operands = types.map((_, at) => operandName(at));
  if (types.every(isText)) return operands.join(" || ");
  if (types.every(isList)) {
    const all = operands.reduce((left, right) => `list_concat(${left}, ${right})`);
    return `CASE WHEN ${operands.map((each) => `${each} IS NOT NULL`).join(" AND ")} THEN ${all} END`;
  }
  return unexpected("concat", types);
};

/** Nothing before the first character or of no length; from the end for a negative place. */
const substr: Body = (types) => {
  const length = types.length > 2;
  const nothing = `${B} = 0 OR ${B} < -length(${A})${length ? ` OR ${C} <= 0` : ""}`;
  const none = `CASE WHEN ${[A, B, ...(length ? [C] : [])].map((each) => `${each} IS NOT NULL`).join(" AND ")} THEN '' END`;
  const part = length ? `substr(${A}, ${B}, ${C})` : `substr(${A}, ${B})`;
  return ofTextsAndNumbers("substr", 1, `CASE WHEN ${nothing} THEN ${none} ELSE ${part} END`)(types, "");
};

const splitPart = `CASE WHEN ${C} < 1 THEN ${failing("INVALID_FUNCTION_ARGUMENT", "DATE")}::VARCHAR ELSE string_split(${A}, ${B})[${C}] END`;
const split = `CASE WHEN ${B} = '' THEN [${failing("INVALID_FUNCTION_ARGUMENT", "DATE")}::VARCHAR] ELSE string_split(${A}, ${B}) END`;
const replace = `CASE WHEN ${B} = '' THEN ${failing("NOT_SUPPORTED_REPLACE_OF_NOTHING", "DATE")}::VARCHAR ELSE replace(${A}, ${B}, ${C}) END`;
/** By code points; DuckDB's own keeps what belongs to one sign together. */
const reverse = `array_to_string(list_reverse(string_split(${A}, '')), '')`;
/** Java has no capital of ß that is one letter. */
const upper = `CASE WHEN contains(${A}, 'ß') THEN array_to_string(list_transform(string_split(${A}, 'ß'), lambda part: upper(part)), 'ß') ELSE upper(${A}) END`;

/** The detail holds the pattern, and what else there is, as literals. */
const pattern =
  (name: string, body: string): Body =>
  (types, detail) =>
    types.every(isText) ? body.replaceAll("DETAIL", () => detail) : unexpected(name, types);

const regexpExtract: Body = (types, detail) => {
  if (!types.every(isText)) return unexpected("regexp_extract", types);
  const [wanted = "", ...found] = detail.split(" ");
  const literal = found.join(" ");
  return `CASE WHEN regexp_matches(${A}, ${literal}) THEN regexp_extract(${A}, ${literal}, ${wanted}) END`;
};

/** A member that is no scalar, or of no JSON, is NULL. */
const jsonScalar: Body = (types, path) =>
  types.every(isText)
    ? `CASE WHEN json_valid(${A}) THEN CASE WHEN json_type(${A}, ${path}) IN ('OBJECT', 'ARRAY', 'NULL') THEN NULL ELSE json_extract_string(${A}, ${path}) END END`
    : unexpected("json_extract_scalar", types);

const blob =
  (name: string, body: string): Body =>
  (types) =>
    types[0] === "BLOB" || types[0] === '"NULL"' ? body : unexpected(name, types);

/** Operations on text. */
export const texts: Readonly<Record<string, Body>> = {
  concat,
  substr,
  upper: ofTexts("upper", upper),
  lower: ofTexts("lower", `lower(${A})`),
  length: ofTexts("length", `length(${A})`),
  reverse: ofTexts("reverse", reverse),
  trim: ofTexts("trim", `trim(${A}, ${text(SPACES)})`),
  ltrim: ofTexts("ltrim", `ltrim(${A}, ${text(SPACES)})`),
  rtrim: ofTexts("rtrim", `rtrim(${A}, ${text(SPACES)})`),
  trim_of: ofTexts("trim", `trim(${A}, ${B})`),
  ltrim_of: ofTexts("ltrim", `ltrim(${A}, ${B})`),
  rtrim_of: ofTexts("rtrim", `rtrim(${A}, ${B})`),
  strpos: ofTexts("strpos", `strpos(${A}, ${B})`),
  starts_with: ofTexts("starts_with", `starts_with(${A}, ${B})`),
  replace: ofTexts("replace", replace),
  translate: ofTexts("translate", `translate(${A}, ${B}, ${C})`),
  split: ofTexts("split", split),
  split_part: ofTextsAndNumbers("split_part", 2, splitPart),
  lpad: (types) => pad("lpad", types),
  rpad: (types) => pad("rpad", types),
  chr: (types) => (types.every(isInteger) ? `chr(CAST(${A} AS INTEGER))` : unexpected("chr", types)),
  codepoint: ofTexts("codepoint", `unicode(${A})`),
  concat_ws: (types) =>
    types.every(isText)
      ? `concat_ws(${types.map((_, at) => operandName(at)).join(", ")})`
      : unexpected("concat_ws", types),
  regexp_like: pattern("regexp_like", `regexp_matches(${A}, DETAIL)`),
  regexp_count: pattern("regexp_count", `CAST(len(regexp_extract_all(${A}, DETAIL)) AS BIGINT)`),
  regexp_extract_all: pattern("regexp_extract_all", `regexp_extract_all(${A}, DETAIL)`),
  regexp_replace: pattern("regexp_replace", `regexp_replace(${A}, DETAIL, 'g')`),
  regexp_extract: regexpExtract,
  json_extract_scalar: jsonScalar,
  json_array_length: ofTexts(
    "json_array_length",
    `CASE WHEN json_valid(${A}) THEN CASE WHEN json_type(${A}) = 'ARRAY' THEN CAST(json_array_length(${A}) AS BIGINT) END END`,
  ),
  to_utf8: ofTexts("to_utf8", `encode(${A})`),
  md5: blob("md5", `unhex(md5(${A}))`),
  sha256: blob("sha256", `unhex(sha256(${A}))`),
  to_hex: blob("to_hex", `hex(${A})`),
};

function pad(name: "lpad" | "rpad", types: readonly string[]): string {
  const [of = "", size = "", by = ""] = types;
  if (!(isText(of) && isInteger(size) && isText(by))) return unexpected(name, types);
  const wrong = `${B} < 0 OR ${C} = ''`;
  return `CASE WHEN ${wrong} THEN ${failing("INVALID_FUNCTION_ARGUMENT", "DATE")}::VARCHAR ELSE ${name}(${A}, CAST(${B} AS INTEGER), ${C}) END`;
}
