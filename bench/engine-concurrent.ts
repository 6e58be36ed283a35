import { chain, execute, machine, measure, same } from "./engine-measure.ts";

const counting = machine(chain(10, () => ({ Type: "Pass", Output: { n: "{% $states.input.n + 1 %}" } })));

await measure(1000, 3, async () => {
  const outputs = await Promise.all(Array.from({ length: 1000 }, () => execute(counting, { n: 0 })));
  same(outputs.at(-1), { n: 10 });
});
