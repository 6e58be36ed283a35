/** Clauses of Trino that the parser calls otherwise. */
const CLAUSES: Readonly<Record<string, string>> = {
  "direction NEXT": "FETCH NEXT",
  "kind Natural": "NATURAL JOIN",
  "kind NaturalLeft": "NATURAL JOIN",
  "kind Semi": "SEMI JOIN",
  array_append: "the function array_append",
  at_time_zone: "AT TIME ZONE",
  bracket_array: "[…] without ARRAY",
  distinct_on: "DISTINCT ON",
  dot: "a field of a ROW",
  double_colon_syntax: "::, which is CAST to other engines",
  except: "SELECT * EXCEPT",
  i_like: "ILIKE",
  lambda: "a lambda (x -> …)",
  lateral: "LATERAL",
  literal: "a literal of that type",
  match_recognize: "MATCH_RECOGNIZE",
  pivot: "PIVOT",
  qualify: "QUALIFY",
  recursive: "WITH RECURSIVE",
  table_sample: "TABLESAMPLE",
  sample: "TABLESAMPLE",
  unpivot: "UNPIVOT",
  version: "FOR VERSION or FOR TIMESTAMP AS OF",
  when: "FOR TIMESTAMP AS OF",
  with_ties: "FETCH FIRST … WITH TIES",
};

/** Names of parts of a clause, which is named beside them. */
const PARTS =
  /^(method|size|explicit_method|method_before_size|pattern|define|parameters|body|zone|identifier|fields|kind AS)\b/;

/**
 * What a query is refused for, in Trino's words.
 * @param problems as the check names them: a construct of the parser's, or a sentence
 * @param source the query, as its author wrote it
 */
export function refusalOf(problems: Iterable<string>, source: string): string {
  const all = [...problems];
  const words = all.flatMap((problem) => {
    const known = CLAUSES[problem];
    if (known !== undefined) return [known];
    if (PARTS.test(problem)) return [];
    // A sentence is one already.
    if (!/^[a-z_]+( [A-Z]\w*)?$/.test(problem)) return [problem];
    if (new RegExp(`\\b${problem}\\s*\\(`, "i").test(source)) return [`the function ${problem}`];
    if (new RegExp(`\\b${problem.replaceAll("_", "")}\\s*\\(`, "i").test(source))
      return [`the function ${problem.replaceAll("_", "")}`];
    return [problem.replaceAll("_", " ").toUpperCase()];
  });
  const named = new Set(words.length > 0 ? words : all);
  return `${[...named].join("; ")}: not supported by the local Athena`;
}

/** Clauses of other dialects, and of Trino, at which the parser ends. */
const FOREIGN = [
  "QUALIFY",
  "PIVOT",
  "UNPIVOT",
  "MATCH_RECOGNIZE",
  "LATERAL",
  "MINUS",
  "TOP",
  "WITHIN",
  "TABLESAMPLE",
];

/** Why a text is no query that can be read: the parser's words, behind a clause that may be the reason. */
export function unreadable(words: string, tokens: readonly string[]): string {
  const clause = FOREIGN.find((each) => tokens.includes(each));
  return `${clause === undefined ? "" : `${clause}: not supported by the local Athena; `}not SQL: ${words}`;
}
