import { expect, test } from "vitest";
import { holdsCard, withoutPersonalData } from "../../packages/copilot/src/personal-data.ts";

test.each([
  ["a card", "of 4111111111111111?", "of ************1111?"],
  ["a card in groups", "5500 0055-5555 5559", "************5559"],
  ["a card in wide digits", "\uff14111 1111 1111 1111", "************1111"],
  ["a card with characters that nobody sees", "41\u200b11\u00ad111111111111", "************1111"],
  ["a card glued to other digits", "9941111111111111110", "************1110"],
  ["a card behind a day", "2018-01-02 378282246310005", "2018-01-02 ************0005"],
])("%s is found, and masked to its last digits", (_, text, masked) => {
  expect([holdsCard(text), withoutPersonalData(text)]).toEqual([true, masked]);
});

test.each([
  ["a number that is no card", "order 4111111111111112"],
  ["days beside each other", "orders 2017-11-10 2018-01-15 2018-02-03"],
  ["an order of hexadecimal digits", "e481f51cbdc54678b7cc49136f2d6af7"],
  ["numbers of other lengths", "more than 10000000 in 2018, at most 12"],
  ["nothing", ""],
])("%s stays as it is", (_, text) => {
  expect([holdsCard(text), withoutPersonalData(text)]).toEqual([false, text]);
});

test.each([
  ["who is 123-45-6789?", "who is ***-**-6789?"],
  ["who is 123456789?", "who is ***-**-6789?"],
  ["what did ana.silva@example.com buy", "what did a***@example.com buy"],
  [
    "SELECT region FROM orders WHERE city = 'ana@example.com'",
    "SELECT region FROM orders WHERE city = 'a***@example.com'",
  ],
])("%s is kept as %s", (text, masked) => {
  expect([holdsCard(text), withoutPersonalData(text)]).toEqual([false, masked]);
  expect(withoutPersonalData(masked)).toBe(masked);
});
