import { type Draft, tells } from "./draft.ts";
import { mostFrequent } from "./money.ts";
import type { ShownRecord, ShownSection } from "./sections.ts";

type Tells = (record: ShownRecord) => Draft[];

/** Tables of work, people and pastimes, told by the names of their columns or keys. */
export function tableItems({ records }: ShownSection, names: (name: RegExp) => boolean): Draft[] | undefined {
  if (names(/^(company( name)?|employer|organi[sz]ation)$/) && names(/^(position|title|role|job title)$/))
    return records.flatMap(names(/^connected on$|^first name$/) ? connection : job);
  if (names(/^(school( name)?|university|degree( name)?)$/)) return records.flatMap(education);
  if (names(/^skills?( name)?$/))
    return records.flatMap((record) =>
      tells(record, ["professional", "skill"], "Knows about", record.fields.get(/^skills?( name)?$/)),
    );
  if (names(MESSAGE) && names(/^(from|sender( name)?|author)$/)) return messages(records);
  const pastime = pastimes.find(({ fits }) => fits(names));
  return pastime === undefined ? undefined : records.flatMap(pastime.tells);
}

const MESSAGE = /^(content|message|text|body)$/;

function personOf({ fields }: ShownRecord): string | undefined {
  const whole = [fields.get(/^first name$/), fields.get(/^last name$/)].filter((part) => part !== undefined);
  return whole.length > 0 ? whole.join(" ") : fields.get(/^(full )?name$/);
}

function connection(record: ShownRecord): Draft[] {
  const { fields } = record;
  const [at, as] = [fields.get(/^(company|organi[sz]ation)/), fields.get(/^(position|title|role)/)];
  const rest = [...(as === undefined ? [] : [as]), ...(at === undefined ? [] : [`at ${at}`])].join(" ");
  const person = personOf(record);
  return tells(record, ["professional", "connection"], "Knows", person).map((draft) => ({
    ...draft,
    what: rest === "" ? draft.what : `${draft.what}, ${rest}`,
    // A name over two columns stands in no record in one piece.
    value: fields.get(/^(first|full )?name$|^first name$/) ?? draft.value,
  }));
}

const job: Tells = (record) => [
  ...tells(record, ["professional", "employer"], "Works at", record.fields.get(/^(company|employer|organi)/)),
  ...tells(
    record,
    ["professional", "role"],
    "Works as",
    record.fields.get(/^(position|title|role|job title)$/),
  ),
];

const education: Tells = (record) =>
  tells(
    record,
    ["professional", "education"],
    "Studied at",
    record.fields.get(/^(school|university|degree)/),
  );

/** Messages of a network of work are of work; whose export it is stands in nearly every one. */
function messages(records: readonly ShownRecord[]): Draft[] {
  const atWork = records.some(({ fields, text }) => fields.has(/profile url/) || /linkedin\./i.test(text));
  const kind = atWork ? (["professional", "connection"] as const) : (["social", "message"] as const);
  const [from, to] = [/^(from|sender( name)?|author)$/, /^(to|recipients?)$/];
  const both = records.some(({ fields }) => fields.has(to));
  const people = (record: ShownRecord) =>
    [record.fields.get(from), record.fields.get(to)].filter((name) => name !== undefined);
  const owner = both ? mostFrequent(records.flatMap(people)) : undefined;
  return records.flatMap((record) =>
    people(record)
      .filter((name) => name !== owner)
      .flatMap((name) => tells(record, kind, "Exchanges messages with", name)),
  );
}

/** A title up to what names the season or the episode. */
function series(title: string | undefined): string | undefined {
  return title?.split(/: | - Season /)[0];
}

const pastimes: readonly { fits(names: (name: RegExp) => boolean): boolean; tells: Tells }[] = [
  {
    fits: (names) => names(/\bartist( name)?$|^podcast name$|^ms played$/),
    tells: (record) =>
      tells(
        record,
        ["entertainment", "listening"],
        "Listens to",
        record.fields.get(/\bartist( name)?$|^podcast name$|show name$|^track name$/),
      ),
  },
  {
    fits: (names) => names(/^(book title|isbn( ?1[03])?|author)$|^book\b/),
    tells: (record) =>
      tells(record, ["entertainment", "reading"], "Reads", record.fields.get(/^(book )?title$|^book\b/)),
  },
  {
    fits: (names) => names(/^game( name)?$|^play ?time\b/),
    tells: (record) =>
      tells(record, ["entertainment", "game"], "Plays", record.fields.get(/^game( name)?$|^(name|title)$/)),
  },
  {
    fits: (names) => names(/^event( name)?$|^venue$/),
    tells: (record) =>
      tells(
        record,
        ["entertainment", "event"],
        "Goes to",
        record.fields.get(/^event( name)?$|^(name|title)$/),
      ),
  },
  {
    fits: (names) =>
      names(/^(title|show|series|movie|video)( name| title)?$/) && names(/\b(date|time|duration)\b/),
    tells: (record) =>
      tells(
        record,
        ["entertainment", "viewing"],
        "Watches",
        series(record.fields.get(/^(title|show|series|movie|video)( name| title)?$/)),
      ),
  },
];

const NAMED = /^(name|title|value|text)$|\b(name|title|value)$/;

/** Arrays whose records say little of themselves, told by the pointer that leads to them or the member that they are in. */
export function placedItems({ place, records }: ShownSection): Draft[] | undefined {
  const found = placed.find(([where]) => where.test(place));
  if (found === undefined) return undefined;
  const [, kind, says] = found;
  return records.flatMap((record) => tells(record, ["social", kind], says, record.fields.get(NAMED), 0.8));
}

const placed: readonly (readonly [where: RegExp, kind: string, says: string])[] = [
  [/friend|contact|follow/, "contact", "Is in touch with"],
  [/group/, "group", "Is in the group"],
  [/like|interest|topic|reaction|saved/, "interest", "Likes"],
  [/comment|post|search|activity/, "activity", "Is active about"],
];
