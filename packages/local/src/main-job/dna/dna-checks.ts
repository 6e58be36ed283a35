import { type DnaDocument, dnaCategories } from "@penstock/contracts";
import type { PlantedExport } from "../../exports/planted-export.ts";
import { type Check, check } from "../balance.ts";
import type { PersonDna } from "./person-dna.ts";
import type { SampleDna } from "./sample-dna.ts";

/** The categories that a document has items of, in order of their names. */
export function categoriesOf(document: DnaDocument | undefined): string[] {
  return dnaCategories.filter((category) => (document?.categories[category].items.length ?? 0) > 0).sort();
}

/** What must hold of the sample's exports. */
export function dnaChecks({ planted, people, leaks, unsteady }: SampleDna): Check[] {
  const secrets = planted.flatMap((each) => each.secrets);
  const told = people.filter(({ personas }) => personas !== undefined && Object.keys(personas).length > 0);
  return [
    check(
      "every export has its outcome",
      planted.flatMap((each) => fault(each, people[each.person])),
      `${planted.length} as planted`,
    ),
    check(
      "numbers in exports",
      leaks.map((uri) => `in clear in ${uri}`),
      `${secrets.length} planted, none in clear outside the exports themselves`,
    ),
    check(
      "personas",
      [
        ...people.filter((each) => !told.includes(each)).map(({ user }) => `${user} has none`),
        ...unsteady.map((user) => `those of ${user} are others when they are made anew`),
      ],
      `of ${told.length} people, the same when they are made anew`,
    ),
  ];
}

function fault({ file, outcome }: PlantedExport, person: PersonDna | undefined): string[] {
  const found = person?.files.find((each) => each.file === file);
  if (found === undefined) return [`${file} has none`];
  const categories = categoriesOf(person?.documents.find((each) => each.file === file));
  const is = [found.status, found.reason, found.flagged, ...categories].join(" ");
  const expected = [outcome.status, outcome.reason, outcome.flagged, ...outcome.categories].join(" ");
  return is === expected ? [] : [`${file} is ${is}, planted as ${expected}`];
}
