import { chain, execute, machine, measure, same } from "./engine-measure.ts";

const counting = machine(chain(1000, () => ({ Type: "Pass", Output: { n: "{% $states.input.n + 1 %}" } })));

await measure(1000, 100, async () => same(await execute(counting, { n: 0 }), { n: 1000 }));
