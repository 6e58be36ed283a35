import { execute, machine, measure, same } from "./engine-measure.ts";

const turns = 10_000;
const loop = machine({
  Count: { Type: "Pass", Output: { n: "{% $states.input.n + 1 %}" }, Next: "More" },
  More: {
    Type: "Choice",
    Choices: [{ Condition: `{% $states.input.n < ${turns} %}`, Next: "Count" }],
    Default: "Done",
  },
  Done: { Type: "Succeed" },
});

await measure(turns, 3, async () => same(await execute(loop, { n: 0 }), { n: turns }));
