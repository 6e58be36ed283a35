import { execute, machine, measure, same } from "./engine-measure.ts";

const items = 100_000;
const lines = Array.from({ length: items }, (_, index) => JSON.stringify({ id: index })).join("\n");
const distributed = machine({
  Each: {
    Type: "Map",
    ItemReader: {
      Resource: "arn:aws:states:::s3:getObject",
      Arguments: { Bucket: "bench", Key: "items.jsonl" },
      ReaderConfig: { InputType: "JSONL" },
    },
    ItemBatcher: { MaxItemsPerBatch: 100 },
    ItemProcessor: {
      ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" },
      StartAt: "Count",
      States: { Count: { Type: "Pass", Output: "{% $count($states.input.Items) %}", End: true } },
    },
    Output: "{% $sum($states.result) %}",
    End: true,
  },
});

await measure(items, 3, async () =>
  same(await execute(distributed, {}, { call: async () => ({ Body: lines }) }), items),
);
