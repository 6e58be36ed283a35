import fc from "fast-check";
import jsonata from "jsonata";
import { describe, expect, test } from "vitest";
import { directEvaluation, unsure } from "../../packages/local/src/engine/direct-evaluation.ts";

const direct = (source: string) => directEvaluation(jsonata(source).ast());

const names = ["a", "b", "c", "hasOwnProperty", "constructor"];
const leaf = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.double({ noDefaultInfinity: true, noNaN: true }),
  fc.constantFrom("", "x", "y", "10", true, false, null),
);
/** JSON in which the same few names come up again and again, so that paths meet something. */
const { value: json } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    leaf,
    fc.array(tie("value"), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom(...names), tie("value"), { maxKeys: 4 }),
  ),
}));
const value = fc.oneof(
  fc
    .tuple(
      fc.constantFrom("$x", "$y", "$states.input", "$states"),
      fc.array(fc.constantFrom(...names), { maxLength: 3 }),
    )
    .map(([start, steps]) => [start, ...steps].join(".")),
  fc.constantFrom("0", "1", "2.5", "-1", "'x'", "'y'", "true", "false", "null"),
);
const operator = fc.constantFrom(..."+ - * / % < <= > >= = != & and or".split(" "));
const { source } = fc.letrec<{ source: string }>((tie) => ({
  source: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    value,
    fc.tuple(tie("source"), operator, tie("source")).map(([left, sign, right]) => `${left} ${sign} ${right}`),
    fc
      .tuple(tie("source"), tie("source"), tie("source"))
      .map(([test, yes, no]) => `(${test} ? ${yes} : ${no})`),
    tie("source").map((inner) => `(${inner})`),
  ),
}));

describe("a value found without the package", () => {
  test("is the package's own, whatever the expression and the data", async () => {
    let sure = 0;
    await fc.assert(
      fc.asyncProperty(source, json, json, json, async (expression, x, y, input) => {
        const variables = { x, y, states: { input } };
        const found = direct(expression)?.(variables) ?? unsure;
        if (found === unsure) return;
        sure += 1;

        const wanted = await jsonata(expression).evaluate(undefined, variables);

        expect(JSON.stringify(found)).toBe(JSON.stringify(wanted));
      }),
      { numRuns: 1500 },
    );
    expect(sure).toBeGreaterThan(100);
  });

  test.each([
    ["$states.input.order.id", 7],
    ["$states.input.order", { id: 7 }],
    ["$states.input.list", [1, 2]],
    ["$states.input.none", null],
    ["$n + 1", 5],
    ["$n < 10 and $states.input.order.id = 7", true],
    ["$n > 10 ? 'big' : 'small'", "small"],
    ["'order-' & $name", "order-x"],
  ])("%s is found", (expression, expected) => {
    const input = { order: { id: 7 }, list: [1, 2], none: null };

    expect(direct(expression)?.({ n: 4, name: "x", states: { input } })).toEqual(expected);
  });

  test.each([
    "$states.input.list.a",
    "$missing",
    "$states.input.a.b",
    "$n + 'x'",
    "$n / 0",
    "$list = $list",
    "$n and true",
  ])("%s is left to the package once the data is known", (expression) => {
    const list = [{ a: 1 }];

    expect(direct(expression)?.({ n: 4, list, states: { input: { list, a: null } } })).toBe(unsure);
  });

  test.each([
    "$states.input[0]",
    "$x.a[]",
    "$count($x)",
    "$x.*",
    "a.b",
    "$x{a: b}",
    "$x^(a)",
    "($y := 1; $y)",
    "$x ~> $f",
    "[1]",
  ])("%s is left to the package from the start", (expression) => {
    expect(direct(expression)).toBeUndefined();
  });
});
