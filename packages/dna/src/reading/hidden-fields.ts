/** How many fields were hidden for what their name says they hold. */
export interface HiddenCounts {
  readonly cards: number;
  readonly national_ids: number;
}

const CARD =
  /\b(?:(?:credit|debit|bank|payment|gift)? ?card ?(?:number|no|num|nr|id)|(?:credit|debit) ?card|cc ?(?:number|no|num)|pan|kartennummer|kreditkartennummer|numero (?:de )?(?:la )?tarjeta|numero (?:de )?carte|numero (?:della )?carta|numero do cartao)\b/;
const SECRET =
  /\b(?:cvv2?|cvc2?|cid|card (?:security|verification) (?:code|value)|security code|pin|pin code|password|passwort|contrasena|mot de passe)\b/;
const NATIONAL =
  /\b(?:ssn|social (?:security|insurance) ?(?:number|no|num)?|national (?:id|identity|identification|insurance)(?: card)? ?(?:number|no|num)?|identity (?:card )?number|id card ?(?:number|no)?|government id|tax ?(?:payer )?(?:id|identification|number|file number)(?: number)?|t ?i ?n|itin|ein|cpf|cnpj|dni|nie|nif|rut|curp|rfc|nino|aadhaar|aadhar|pesel|bsn|codice fiscale|steuer ?(?:id|nummer|identifikationsnummer)|sozialversicherungsnummer|personalausweis ?(?:nummer)?|(?:numero de )?securite sociale|nir|passport ?(?:number|no|num)?|driver ?s? ?licen[cs]e ?(?:number|no|num)?|personnummer|my number)\b|^sin$/;

/** A name as its words: however it is written together, in small letters without accents. */
function words(name: string): string {
  return name
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** What a field of a name holds that nobody is shown in any form; undefined for most. */
export type HiddenField = "card" | "secret" | "national_id";

/** Judges the name of a column or a key. */
export function hiddenField(name: string): HiddenField | undefined {
  const known = words(name);
  if (SECRET.test(known)) return "secret";
  if (CARD.test(known)) return "card";
  if (NATIONAL.test(known)) return "national_id";
  return undefined;
}

/** A value of such a field in the forms of the lake's masks; of a secret nothing is left. */
export function hiddenValue(field: HiddenField, value: string): string {
  const text = value.trim();
  if (text === "" || field === "secret") return "";
  if (field === "card")
    return /^\d(?:[ -]?\d){12,18}$|^\*{12}\d{4}$/.test(text)
      ? `${"*".repeat(12)}${text.replace(/\D/g, "").slice(-4)}`
      : "***";
  return /^(?:\d{3}[ -]?\d{2}|\*{3}-\*{2})[ -]?\d{4}$/.test(text) ? `***-**-${text.slice(-4)}` : "***";
}

/** Counts fields as they are hidden. */
export class HiddenTally {
  cards = 0;
  national_ids = 0;

  /** The value that is shown of a field; the value itself where its name asks for nothing. */
  shown(field: HiddenField | undefined, value: string): string {
    if (field === undefined || value.trim() === "") return value;
    if (field === "card") this.cards += 1;
    if (field === "national_id") this.national_ids += 1;
    return hiddenValue(field, value);
  }

  counts(): HiddenCounts {
    return { cards: this.cards, national_ids: this.national_ids };
  }
}
