import { execute, machine, measure, same } from "./engine-measure.ts";

const items = Array.from({ length: 10_000 }, (_, index) => index);
const inline = machine({
  Each: {
    Type: "Map",
    ItemProcessor: {
      StartAt: "Double",
      States: { Double: { Type: "Pass", Output: "{% $states.input * 2 %}", End: true } },
    },
    End: true,
  },
});

await measure(items.length, 3, async () => {
  const output = await execute(inline, items);
  same(Array.isArray(output) && output.at(-1), 19_998);
});
