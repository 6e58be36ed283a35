import { dnaCategories, type FileOutcome } from "@penstock/contracts";
import { categoriesOf } from "./dna-checks.ts";
import type { PersonDna } from "./person-dna.ts";

/** What exports told, in a few lines: files by what became of them, items by category, completeness by person, the model. */
export function renderDna(people: readonly PersonDna[]): string[] {
  const files = people.flatMap((person) => person.files);
  const documents = people.flatMap((person) => person.documents);
  const models = documents.flatMap(({ model }) => (model === null ? [] : [model]));
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  const named = [...new Set(models.map(({ model, offline }) => (offline ? `${model} (offline)` : model)))];
  const masked = (of: "cards" | "national_ids" | "emails") => sum(documents.map((each) => each.masked[of]));
  return [
    `Digital DNA: ${files.length} files of ${people.length} ${people.length === 1 ? "person" : "people"}: ${outcomes(files)}`,
    ...dnaCategories.map((category) => {
      const own = documents.filter((document) => categoriesOf(document).includes(category));
      const items = sum(own.map(({ categories }) => categories[category].items.length));
      return `  ${category.padEnd(15)} ${items} items of ${own.length} files`;
    }),
    ...people.map((person, at) => `  person ${String(at + 1).padEnd(8)} ${completeness(person)}`),
    `  model           ${sum(files.map(({ chunks }) => chunks))} chunks, ${sum(files.map(({ tokens }) => tokens))} tokens, ${named.join(", ") || "not asked"}`,
    `  masked          ${masked("cards")} cards, ${masked("national_ids")} national ids, ${masked("emails")} e-mail addresses`,
  ];
}

/** `9 categorised, 1 refused (binary), 1 skipped (too_large_for_automatic), 1 flagged` */
function outcomes(files: readonly FileOutcome[]): string {
  const words = files.map(({ status, reason, flagged }) => {
    if (flagged) return "flagged";
    if (status === "processed") return "categorised";
    return reason === null ? status : `${status} (${reason})`;
  });
  return [...Map.groupBy(words, (word) => word)]
    .toSorted(([left, one], [right, other]) => other.length - one.length || (left < right ? -1 : 1))
    .map(([word, all]) => `${all.length} ${word}`)
    .join(", ");
}

function completeness({ personas }: PersonDna): string {
  const told = dnaCategories.flatMap((type) => {
    const persona = personas?.[type];
    return persona === undefined ? [] : [`${type} ${persona.completeness} %`];
  });
  return told.length === 0 ? "no personas" : `${told.join(", ")} complete`;
}
