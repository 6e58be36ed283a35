import { buildMarts } from "@penstock/marts";
import { expect, test } from "vitest";
import { BUILD, BUILT_AT, type TestMarts, testMarts } from "./marts-fixture.ts";
import { putShop, shop } from "./small-shop.ts";

const name = (hour: number) => `20261121T0${hour}0000Z-00000${hour}`;

/** The builds that have objects, and those that have a manifest. */
async function builds(zone: TestMarts) {
  const keys = Object.keys(await zone.objects("marts"));
  const of = (form: RegExp) => [...new Set(keys.flatMap((key) => form.exec(key)?.[1] ?? []))].toSorted();
  return { objects: of(/build=([^/]+)\//), manifests: of(/^_builds\/(.+)\.json$/) };
}

test("the two newest finished builds stay beside the new one, older ones go whole", async () => {
  await using zone = await testMarts();
  await putShop(zone);
  for (const hour of [1, 2, 3, 4]) await zone.build(name(hour));

  const left = [name(2), name(3), name(4)];
  expect(await builds(zone)).toEqual({ objects: left, manifests: left });
});

test("the build that is read stays however old it is", async () => {
  await using zone = await testMarts();
  await putShop(zone);
  for (const hour of [1, 2, 3, 4]) await zone.build(name(hour), name(1));

  expect((await builds(zone)).manifests).toEqual([name(1), name(2), name(3), name(4)]);
});

test("the build that queries are written over stays however old it is, beside the one that is read", async () => {
  await using zone = await testMarts();
  await putShop(zone);
  await zone.build(name(1));
  await zone.build(name(2));
  for (const hour of [3, 4, 5]) {
    const build = { build: name(hour), built_at: BUILT_AT, current: name(2), catalogued: name(1) };
    await buildMarts({ run_id: "run", ...build }, zone.ports);
  }

  const left = [1, 2, 3, 4, 5].map(name);
  expect(await builds(zone)).toEqual({ objects: left, manifests: left });
  const later = { build: name(6), built_at: BUILT_AT, current: name(5), catalogued: name(5) };
  await buildMarts({ run_id: "run", ...later }, zone.ports);
  expect((await builds(zone)).manifests).toEqual([name(4), name(5), name(6)]);
});

test("a build that never finished counts for nothing, and goes with those before it", async () => {
  await using zone = await testMarts();
  await putShop(zone);
  await zone.build(name(1));
  await zone.build(name(2));
  await zone.store.remove(`s3://marts/_builds/${name(1)}.json`);

  await zone.build(name(3));
  expect((await builds(zone)).objects).toEqual([name(1), name(2), name(3)]);

  await zone.build(name(4));
  expect((await builds(zone)).objects).toEqual([name(2), name(3), name(4)]);
});

test("later builds stay, and do not push out what is kept beside this one", async () => {
  await using zone = await testMarts();
  await putShop(zone);
  for (const hour of [1, 2, 3, 4]) await zone.build(name(hour), name(1));

  await zone.build(name(3));

  const left = [name(1), name(2), name(3), name(4)];
  expect(await builds(zone)).toEqual({ objects: left, manifests: left });
});

test("a second attempt of a build leaves nothing of the first", async () => {
  await using zone = await testMarts();
  await putShop(zone);
  await zone.build();
  await zone.put("orders", "a", shop.orders.slice(1));

  await zone.build();

  expect((await zone.manifest()).tables.sales?.objects.map(({ partition }) => partition)).toEqual([
    { month: "2025-02" },
  ]);
  const keys = Object.keys(await zone.objects("marts"));
  expect(keys.filter((key) => key.startsWith(`sales/build=${BUILD}/month=2025-01`))).toEqual([]);
});
