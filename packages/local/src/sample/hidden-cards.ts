import { type SampleTable, tables } from "./objects.ts";
import type { Planting } from "./planting.ts";
import type { Draw } from "./random.ts";
import { cardNumber, checkDigit } from "./shapes.ts";

/** What is written into a free text, and what must stand there after masking. */
interface HiddenCard {
  kind: string;
  text(draw: Draw): { written: string; masked: string; cards: string[] };
}

/** The form of a masked card number, everywhere: twelve stars and the last four digits. */
export function maskedCard(digits: string): string {
  return `************${digits.slice(-4)}`;
}

function grouped(digits: string, by: string): string {
  return digits.match(/.{1,4}/g)?.join(by) ?? digits;
}

function one(
  kind: string,
  length: number,
  write: (digits: string) => string,
  around = ["paid with ", " today"],
): HiddenCard {
  const [before = "", after = ""] = around;
  return {
    kind,
    text(draw) {
      const digits = cardNumber(draw, length);
      return {
        written: before + write(digits) + after,
        masked: before + maskedCard(digits) + after,
        cards: [digits],
      };
    },
  };
}

/** Every way of writing a card number into a note that must be found, and one that must be left alone. */
export const hiddenCards: readonly HiddenCard[] = [
  one("card in plain digits", 16, (digits) => digits),
  one("card with spaces", 16, (digits) => grouped(digits, " ")),
  one("card with dashes", 16, (digits) => grouped(digits, "-")),
  one("card of 13 digits", 13, (digits) => digits),
  one("card of 19 digits", 19, (digits) => grouped(digits, " ")),
  one("card touching letters", 16, (digits) => digits, ["ref", "x"]),
  one("card alone in the text", 15, (digits) => digits, ["", ""]),
  one("card after a line break", 16, (digits) => digits, ["Zoë wrote:\n", "\n– thanks 🙂"]),
  {
    kind: "two cards in one text",
    text(draw) {
      const [a, b] = [cardNumber(draw, 16), cardNumber(draw, 16)];
      return {
        written: `either ${a} or ${grouped(b, "-")}.`,
        masked: `either ${maskedCard(a)} or ${maskedCard(b)}.`,
        cards: [a, b],
      };
    },
  },
  {
    kind: "long number that is no card",
    text(draw) {
      const body = `4${draw.digits(14)}`;
      const wrong = (Number(checkDigit(body)) + 1) % 10;
      const text = `parcel ${body}${wrong} lost`;
      return { written: text, masked: text, cards: [] };
    },
  },
];

/**
 * Card numbers in free text. Columns made for notes get every way of writing; each other free-text column of
 * each contract gets one, so that a column that is not scanned shows.
 */
export function plantHiddenCards(planting: Planting, copies: number): void {
  for (const table of tables) {
    for (const { name } of planting.contract(table).columns.filter(({ freeText }) => freeText)) {
      const ways = name === "notes" ? hiddenCards : hiddenCards.slice(1, 2);
      for (const way of ways) {
        for (let n = 0; n < copies; n++) plantOne(planting, table, name, way);
      }
    }
  }
}

function plantOne(planting: Planting, table: SampleTable, column: string, way: HiddenCard): void {
  const object = planting.somewhere(table);
  const { written, masked, cards } = way.text(planting.draw);
  const row = { ...planting.fresh(table), [column]: written };
  planting.put(object, row);
  planting.plant(`${table}.${column}: ${way.kind}`, object, row, {
    outcome: "curated",
    cells: { [column]: masked },
  });
  for (const card of cards) planting.hide(card);
}
