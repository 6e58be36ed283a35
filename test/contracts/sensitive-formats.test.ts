import { brokenRules, contracts } from "@penstock/contracts";
import { expect, test } from "vitest";

const customer = {
  customer_id: "cus_0000001",
  person_id: "per_0000001",
  zip_code_prefix: "01310",
  city: "sao paulo",
  state: "SP",
};
const payment = {
  order_id: "ord_0000001",
  payment_sequential: 1,
  payment_type: "credit_card",
  installments: 1,
  value: 10,
};

const FORMS: Record<string, { good: readonly string[]; bad: readonly string[] }> = {
  email: {
    good: ["ana@example.com", "a.b+c@mail.example.co.uk", "o'neil@example.com", "j***@example.com"],
    bad: [
      "ana",
      "ana@",
      "@example.com",
      "ana@example",
      "ana@@example.com",
      "ana @example.com",
      "ana@example.com\n",
      "a@b..c",
    ],
  },
  phone: {
    good: [
      "+5511987654321",
      "+55 (11) 98765-4321",
      "(11) 98765-4321",
      "555-0134-2",
      "5550134",
      "***-***-4321",
    ],
    bad: [
      "555013",
      "1234567890123456",
      "call me",
      "+55 11 98765 4321 ext 5",
      "++5511987654321",
      "٥٥٥٠١٣٤",
      "",
    ],
  },
  ssn: {
    good: ["123-45-6789", "123456789", "***-**-6789"],
    bad: ["123-456789", "12-345-6789", "1234567890", "123 45 6789", "***-**-678"],
  },
  card_number: {
    good: [
      "4111111111111111",
      "4111 1111 1111 1111",
      "4111-1111-1111-1111",
      "6304000000000",
      "************1111",
    ],
    bad: [
      "411111111111",
      "41111111111111111111",
      "4111  1111 1111 1111",
      "4111.1111.1111.1111",
      "****1111",
      "4111111111111111 ",
    ],
  },
  cvv: { good: ["123", "0123"], bad: ["12", "12345", "12a", "***"] },
};

const NONE: readonly string[] = [];

const CASES = Object.entries(FORMS).flatMap(([column, { good, bad }]) => [
  ...good.map((value) => ({ column, value, rules: NONE })),
  ...bad.map((value) => ({ column, value, rules: [`${column}.format`] })),
]);

test.each(CASES)("$column $value breaks $rules", ({ column, value, rules }) => {
  const broken = Object.hasOwn(contracts.customers.sensitive, column)
    ? brokenRules(contracts.customers, { ...customer, [column]: value })
    : brokenRules(contracts.payments, { ...payment, [column]: value });
  expect(broken).toEqual(rules);
});
