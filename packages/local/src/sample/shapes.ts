import type { Draw } from "./random.ts";

/**
 * What people, places and cards look like in the sample. Every name is made up, every mail domain is one
 * that RFC 2606 reserves, every card number lies in a range that issuers use and carries a right check
 * digit, so that masking is tried on what it is for.
 */

const firstNames = [
  "Ana", "João", "Zoë", "Mary", "Ngozi", "Łukasz", "Renée", "Omar", "Ingrid", "Wei", "Priya", "José",
  "Chloe", "Björn", "Aisha", "Tom", "Yuki", "Fatima", "Noah", "Elif",
] as const; // biome-ignore format: a list of names reads best as a block
const lastNames = [
  "Silva", "Müller", "O'Neill", "Nguyen", "García", "Kowalski", "Okafor", "Smith", "Dupont", "Rossi",
  "Yılmaz", "Andersen", "Haddad", "Tanaka", "Brown", "Costa", "Novák", "Iyer", "Jensen", "Mbeki",
] as const; // biome-ignore format: a list of names reads best as a block
const domains = ["example.com", "example.org", "example.net", "mail.example.com"] as const;
const places: readonly [readonly [string, string], ...(readonly [string, string])[]] = [
  ["São Paulo", "SP"],
  ["Campinas", "SP"],
  ["Rio de Janeiro", "RJ"],
  ["Niterói", "RJ"],
  ["Belo Horizonte", "MG"],
  ["Curitiba", "PR"],
  ["Porto Alegre", "RS"],
  ["Salvador", "BA"],
  ["Recife", "PE"],
  ["Brasília", "DF"],
];
const words = [
  "please", "leave", "the", "parcel", "with", "neighbour", "call", "before", "delivery", "gift", "wrap",
  "door", "is", "blue", "second", "floor", "ring", "twice", "fragile", "handle", "care", "thank", "you",
] as const; // biome-ignore format: a list of words reads best as a block
const goods = [
  "Lamp",
  "Kettle",
  "Chair",
  "Notebook",
  "Backpack",
  "Headphones",
  "Mug",
  "Blanket",
  "Desk",
] as const;
const looks = ["small", "large", "oak", "steel", "blue", "green", "folding", "classic", "light"] as const;

export interface Person {
  name: string;
  email: string;
}

/** A person; `number` makes the address unique. */
export function person(draw: Draw, number: number): Person {
  const first = draw.pick(firstNames);
  const last = draw.pick(lastNames);
  const mailbox = `${plain(first)}.${plain(last)}${number}`.toLowerCase();
  return { name: `${first} ${last}`, email: `${mailbox}@${draw.pick(domains)}` };
}

/** Letters A to Z only, as mailboxes here are written: `Łukasz` → `Lukasz`, `O'Neill` → `ONeill`. */
function plain(name: string): string {
  return name
    .replaceAll("Ł", "L")
    .replaceAll("ı", "i")
    .normalize("NFD")
    .replace(/[^A-Za-z]/g, "");
}

export interface Place {
  city: string;
  state: string;
  zip: string;
}

export function place(draw: Draw): Place {
  const [city, state] = draw.pick(places);
  return { city, state, zip: String(draw.int(1000, 99_999)).padStart(5, "0") };
}

/** A North American number in one of the forms people write. */
export function phone(draw: Draw): string {
  const [area, exchange, line] = [String(draw.int(201, 989)), String(draw.int(200, 999)), draw.digits(4)];
  return draw.pick([
    `+1-${area}-${exchange}-${line}`,
    `(${area}) ${exchange}-${line}`,
    `${area}-${exchange}-${line}`,
  ]);
}

/** A social security number in the ranges that are given out: no 000, 666 or 9xx area, no zero group. */
export function socialSecurityNumber(draw: Draw): string {
  return `${draw.int(100, 665)}-${String(draw.int(1, 99)).padStart(2, "0")}-${draw.digits(4)}`;
}

/** Leading digits of card brands, and how many digits their cards have. */
const cardRanges: readonly [readonly [string, number], ...(readonly [string, number])[]] = [
  ["4", 16],
  ["51", 16],
  ["55", 16],
  ["37", 15],
  ["6011", 16],
];

/** A Luhn-valid card number, digits only, of `length` digits (default: that of the brand drawn, 15 or 16). */
export function cardNumber(draw: Draw, length?: number): string {
  const [prefix, usual] = draw.pick(cardRanges);
  const wanted = length ?? usual;
  const body = prefix + draw.digits(wanted - prefix.length - 1);
  return body + checkDigit(body);
}

/** The digit that makes `body` Luhn-valid (ISO/IEC 7812-1, annex B). */
export function checkDigit(body: string): string {
  let sum = 0;
  for (let i = 0; i < body.length; i++) {
    const digit = Number(body[body.length - 1 - i]);
    const doubled = i % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return String((10 - (sum % 10)) % 10);
}

/** A sentence of everyday words without a digit in it. */
export function sentence(draw: Draw): string {
  const length = draw.int(4, 9);
  const text = Array.from({ length }, () => draw.pick(words)).join(" ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

export function productName(draw: Draw): string {
  return `${draw.pick(goods)}, ${draw.pick(looks)}`;
}
