import { chain, execute, machine, measure, same } from "./engine-measure.ts";

/** The chain that the peer runs too: states that hand on what they get. */
const plain = machine(chain(1000, () => ({ Type: "Pass" })));

await measure(1000, 300, async () => same(await execute(plain, { n: 0 }), { n: 0 }));
