import { keyThrough } from "./encryption.ts";
import { dnaFiles, people } from "./lake.ts";
import { list, objects, PUT, READ, REMOVE } from "./lib/bucket-grants.ts";
import { settings } from "./lib/identity.ts";
import { sqlPackages } from "./lib/native-packages.ts";
import type { Grant } from "./lib/policy.ts";
import { task } from "./lib/task.ts";
import { askingModel } from "./model-access.ts";
import { openAiKey } from "./secrets.ts";
import { dnaData, dnaWork } from "./storage.ts";

const own = settings.dna;
const { foundationModel: _model, foundationRegions: _regions, ...model } = own.model;

/** What every task of Digital DNA knows, and the API of it. Values only: a link with permissions would grant `s3:*`. */
export const link = new sst.Linkable("Dna", {
  properties: {
    data: dnaData.name,
    work: dnaWork.name,
    peopleTable: people.name,
    filesTable: dnaFiles.name,
    automaticBytes: own.automaticBytes,
    handBytes: own.handBytes,
    model,
    categorise: own.categorise,
    personas: own.personas,
    memoryMb: own.duckdbMemoryMb,
  },
});

/** A person's id in a key, letter for letter: with `*` a file's own folders could pass for a stage. */
const anybody = `usr_${"?".repeat(26)}`;

/** Actions on one stage of any person: `stage1/`, `stage2/`, `stage3/`. */
export const ofPeople = (stage: string, actions: readonly string[]): Grant =>
  objects(dnaData, actions, `${anybody}/${stage}/`);
const readings = (actions: readonly string[]): Grant =>
  objects(dnaWork, actions, `${anybody}/${"?".repeat(16)}/`);
const builds = (actions: readonly string[]): Grant => objects(dnaWork, actions, `${anybody}/personas/`);

const onPeople = (...actions: string[]): Grant => ({
  actions: actions.map((action) => `dynamodb:${action}`),
  resources: [people.arn],
});
/** Whether the person is there still: asked by every task before all else. */
const whoIsThere = onPeople("GetItem");

const handler = (name: string) => `packages/dna/src/tasks/${name}.handler`;
// Only the task that reads has an engine in it: the masks'.
const writes = {
  memoryMb: own.memoryMb,
  timeoutSeconds: settings.lambda.timeoutSeconds,
  link: [link],
  install: {},
};
const asks = {
  memoryMb: own.modelMemoryMb,
  timeoutSeconds: own.modelTaskSeconds,
  link: [link, openAiKey],
  install: {},
};

export const readExport = task("ReadExport", {
  ...settings.lambda,
  link: [link],
  install: sqlPackages,
  description: "Reads a person's export, masks it and cuts it into chunks",
  handler: handler("read-export"),
  grants: [
    whoIsThere,
    ofPeople("stage1", READ),
    ofPeople("stage2", READ),
    readings(PUT),
    list(dnaData),
    keyThrough("dynamodb", "s3"),
  ],
});

export const categoriseChunk = task("CategoriseChunk", {
  ...asks,
  description: "Asks a model what a chunk of an export tells",
  handler: handler("categorise-chunk"),
  grants: [
    whoIsThere,
    readings([...READ, ...PUT]),
    list(dnaWork),
    askingModel(own.model),
    keyThrough("dynamodb", "s3"),
  ],
});

export const writeDocument = task("WriteDocument", {
  ...writes,
  description: "Writes what an export tells, from its chunks",
  handler: handler("write-document"),
  grants: [
    whoIsThere,
    ofPeople("stage1", READ),
    ofPeople("stage2", [...READ, ...PUT]),
    readings(READ),
    list(dnaData, dnaWork),
    keyThrough("dynamodb", "s3"),
  ],
});

export const loadPersonas = task("LoadPersonas", {
  ...writes,
  description: "Gathers what all documents of a person tell, and finds what is new",
  handler: handler("load-personas"),
  grants: [
    whoIsThere,
    ofPeople("stage2", READ),
    ofPeople("stage3", READ),
    builds(PUT),
    list(dnaData),
    keyThrough("dynamodb", "s3"),
  ],
});

export const updatePersona = task("UpdatePersona", {
  ...asks,
  description: "Asks a model to describe one type of a person's personas",
  handler: handler("update-persona"),
  grants: [
    whoIsThere,
    ofPeople("stage3", [...READ, ...PUT]),
    builds(READ),
    list(dnaData, dnaWork),
    askingModel(own.model),
    keyThrough("dynamodb", "s3"),
  ],
});

export const savePersonas = task("SavePersonas", {
  ...writes,
  description: "Writes a person's personas, over those that were looked at",
  handler: handler("save-personas"),
  grants: [
    whoIsThere,
    ofPeople("stage3", [...READ, ...PUT]),
    builds(READ),
    list(dnaData, dnaWork),
    keyThrough("dynamodb", "s3"),
  ],
});

export const forgetPerson = task("ForgetPerson", {
  ...writes,
  description: "Removes all that is an erased person's",
  handler: handler("forget-person"),
  grants: [
    onPeople("DeleteItem", "GetItem", "UpdateItem"),
    { actions: ["dynamodb:DeleteItem", "dynamodb:Query"], resources: [dnaFiles.arn] },
    objects(dnaData, REMOVE, `${anybody}/`),
    objects(dnaWork, REMOVE, `${anybody}/`),
    list(dnaData, dnaWork),
    keyThrough("dynamodb"),
  ],
});
