/**
 * National ids of people in free text, on DuckDB. What counts as one, and which are known, is in
 * `docs/decisions/0004-masks.md`. A row of letters and digits that has the form of an id is one if its check digits hold,
 * where the id has some. No digit touches it, and no letter one that has letters itself.
 */

/** One character between the groups of an id. */
const GAP = "[ \\-\\x{00A0}\\x{2010}-\\x{2015}\\x{202F}\\x{2212}]";

/** The forms, the more exact ones first, without what stands before and behind. */
const forms = {
  // United States: social security and taxpayer's numbers.
  ssn: `[0-9]{3}${GAP}[0-9]{2}${GAP}[0-9]{4}`,
  // Brazil.
  cpf: "[0-9]{3}\\.?[0-9]{3}\\.?[0-9]{3}-?[0-9]{2}",
  // India.
  aadhaar: `[2-9][0-9]{3}${GAP}?[0-9]{4}${GAP}?[0-9]{4}`,
  // Canada.
  sin: `[0-9]{3}${GAP}[0-9]{3}${GAP}[0-9]{3}`,
  // France.
  nir: "[1-478] ?[0-9]{2} ?(?:[0-9]{2}) ?(?:[0-9]{2}|2[AB]) ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}",
  // Spain: of citizens, and of others.
  dni: "[0-9]{8}[ -]?[A-Z]",
  nie: "[XYZ][ -]?[0-9]{7}[ -]?[A-Z]",
  // Italy.
  fiscale: "[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]",
  // United Kingdom.
  nino: "[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]",
} as const;

const { ssn, cpf, aadhaar, sin, nir, ...lettered } = forms;
/** With what stands before: a letter before digits is none of theirs, a star is of a number that is hidden already. */
const found = `(?i)(?:(?:^|[^0-9*])(?:${[ssn, cpf, aadhaar, sin, nir].join("|")})|(?:^|[^0-9A-Za-z*])(?:${Object.values(lettered).join("|")}))\\b`;
/**
 * Whether something in a text has an id's form, whatever stands around it: what has none goes into no engine. JavaScript reads
 * the forms as DuckDB does, but for how a character is written.
 */
export const idForm = new RegExp(
  Object.values(forms)
    .join("|")
    .replaceAll(/\\x\{([0-9A-F]{4})\}/g, "\\u$1"),
  "iu",
);
/** The cheap test before all else: six digits within what an id can be long. */
const candidate = "(?i)(?:[0-9LMNP-V][^0-9]{0,3}){6}";

/** `body` with `name` bound to `value`, evaluated once: macros repeat the text of their arguments. */
function bind(name: string, value: string, body: string): string {
  return `list_transform([${value}], lambda ${name}: ${body})[1]`;
}

const digit = (text: string, place: number) => `CAST(substr(${text}, ${place}, 1) AS INTEGER)`;

function weighted(text: string, weights: readonly number[]): string {
  return weights.map((weight, at) => `${weight} * ${digit(text, at + 1)}`).join(" + ");
}

/** The two check digits of a CPF; a row of one digit has right ones and is nobody's. */
function cpfHolds(d: string): string {
  const rest = (weights: readonly number[], place: number) =>
    `(10 * (${weighted(d, weights)})) % 11 % 10 = ${digit(d, place)}`;
  const nine = rest([10, 9, 8, 7, 6, 5, 4, 3, 2], 10);
  const ten = rest([11, 10, 9, 8, 7, 6, 5, 4, 3, 2], 11);
  return `${d} <> repeat(left(${d}, 1), 11) AND ${nine} AND ${ten}`;
}

/** Luhn's sum of nine digits. */
function sinHolds(d: string): string {
  const terms = Array.from({ length: 9 }, (_, at) =>
    at % 2 === 0 ? digit(d, at + 1) : `(${digit(d, at + 1)} * 2) % 10 + (${digit(d, at + 1)} * 2) // 10`,
  );
  return `(${terms.join(" + ")}) % 10 = 0`;
}

/** Verhoeff's multiplication and its permutations, as rows of digits. */
const TIMES =
  "0123456789123406789523401789563401289567401239567859876043216598710432765982104387659321049876543210";
const TURNS = "01234567891576283094580379614289160435279453126870428657390127938064157046913258";

function verhoeffHolds(d: string): string {
  // From the last digit on; each step looks up the one before it.
  let check = "0";
  for (let at = 0; at < 12; at += 1) {
    const turned = `CAST(substr('${TURNS}', ${10 * (at % 8) + 1} + ${digit(d, 12 - at)}, 1) AS INTEGER)`;
    check = `CAST(substr('${TIMES}', 10 * ${check} + ${turned} + 1, 1) AS INTEGER)`;
  }
  return `${check} = 0`;
}

/** The letter that follows eight digits. */
function dniHolds(d: string): string {
  return `substr('TRWAGMYFPDXBNJZSQVHLCKE', CAST(left(${d}, 8) AS INTEGER) % 23 + 1, 1) = right(${d}, 1)`;
}

/** The key of a French number, the departments of Corsica counted as 19 and 18. */
function nirHolds(d: string): string {
  return `97 - CAST(replace(replace(left(${d}, 13), '2A', '19'), '2B', '18') AS BIGINT) % 97 = CAST(right(${d}, 2) AS INTEGER)`;
}

const full = (form: string) => `regexp_full_match(id, '(?i)${form}')`;

/** The mask of something of an id's form; NULL where its check digits do not hold. `bare` has its letters and digits only. */
const masked = `CASE
  WHEN ${full(forms.ssn)} THEN '***-**-' || right(id, 4)
  WHEN ${full(forms.cpf)} AND ${cpfHolds("bare")} THEN '***'
  WHEN ${full(forms.aadhaar)} AND ${verhoeffHolds("bare")} THEN '***'
  WHEN ${full(forms.sin)} AND ${sinHolds("bare")} THEN '***'
  WHEN ${full(forms.nir)} AND ${nirHolds("bare")} THEN '***'
  WHEN ${full(forms.dni)} AND ${dniHolds("bare")} THEN '***'
  WHEN ${full(forms.nie)} AND ${dniHolds("(translate(left(bare, 1), 'XYZ', '012') || substr(bare, 2))")} THEN '***'
  WHEN ${full(forms.fiscale)} OR ${full(forms.nino)} THEN '***' END`;

/** `hidden_ids(texts)`: for each text the same with ids masked, NULL where it has none. */
export const idMacros: readonly string[] = [
  macro("_id_mask(id)", bind("bare", "upper(regexp_replace(id, '[^0-9A-Za-z]', '', 'g'))", masked)),
  // As it stands at the beginning of a text, or behind the one character that was matched with it.
  macro(
    "_id_or_text(piece)",
    "coalesce(_id_mask(piece), left(piece, 1) || _id_mask(substr(piece, 2)), piece)",
  ),
  macro(
    "_id_rewrite(s)",
    `array_to_string(list_transform(list_zip(
       string_split_regex(s, '${found}'), regexp_extract_all(s, '${found}')
     ), lambda z: z[1] || coalesce(_id_or_text(z[2]), '')), '')`,
  ),
  macro(
    "hidden_ids(texts)",
    `list_transform(texts, lambda s: CASE WHEN regexp_matches(s, '${candidate}') THEN nullif(_id_rewrite(s), s) END)`,
  ),
];

function macro(head: string, body: string): string {
  return `CREATE OR REPLACE MACRO ${head} AS ${body}`;
}
