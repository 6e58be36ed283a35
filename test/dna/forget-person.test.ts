import { exportKey, personaPlanKey } from "@penstock/contracts";
import { forgetPerson, withinUser } from "@penstock/dna";
import { InvalidInput, ObjectChanged, s3Uri } from "@penstock/runtime";
import { beforeEach, expect, test } from "vitest";
import type { PersonStatus } from "../../packages/dna/src/people/index.ts";
import { FILE, USER } from "./dna-fixture.ts";
import { settings } from "./dna-settings.ts";
import { type MemoryStore, memoryStore } from "./memory-store.ts";

const OTHER = "usr_00000000000000000000000001";
const theirs = s3Uri(settings.data, exportKey(OTHER, FILE));
const late = s3Uri(settings.data, exportKey(USER, "late.csv"));

let memory: MemoryStore;

beforeEach(() => {
  memory = memoryStore();
  const at = new Date("2026-11-20T10:00:00Z");
  memory.upload(s3Uri(settings.data, exportKey(USER, FILE)), "a,b", at);
  memory.upload(s3Uri(settings.work, personaPlanKey(USER, "0123456789abcdef", 0)), "{}", at);
  memory.upload(theirs, "c,d", at);
});

/** Erases. @param meanwhile happens when the objects are gone and the tables are seen to */
const forget = (status: PersonStatus | undefined, meanwhile = () => {}) =>
  forgetPerson(
    { run_id: "run", user: USER },
    {
      store: withinUser(memory.store, settings, USER),
      settings,
      people: {
        status: async () => status,
        forget: async () => {
          meanwhile();
          return 4;
        },
      },
    },
  );

test("all objects of who was marked as erased go from both buckets, and nobody else's", async () => {
  expect(await forget("erased")).toEqual({ objects: 2, items: 4 });

  expect([...memory.objects.keys()]).toEqual([theirs]);
  expect(await forget("erased")).toMatchObject({ objects: 0 });
});

test.each(["active", undefined] as const)("nothing goes of somebody whose status is %s", async (status) => {
  await expect(forget(status)).rejects.toThrow(InvalidInput);

  expect(memory.objects.size).toBe(3);
});

test("an object that came meanwhile is told, and the next try takes it", async () => {
  const upload = () => memory.upload(late, "e", new Date());

  await expect(forget("erased", upload)).rejects.toThrow(ObjectChanged);

  await forget("erased");
  expect([...memory.objects.keys()]).toEqual([theirs]);
});
