import {
  answers,
  asked,
  begin,
  build,
  conditionFailed,
  document,
  end,
  erased,
  ignored,
  leased,
  loaded,
  loading,
  lost,
  machine,
  payload,
  saved,
  times,
  types,
  upload,
  user,
  wholeBuild,
  window,
} from "./dna-answers.ts";
import type { Scenario } from "./scenarios.ts";

const personasOutput = {
  status: "SUCCEEDED",
  user,
  builds: 1,
  documents: 3,
  unreadable: 1,
  model_calls: 2,
  tokens: 1000,
  personas: saved.personas,
  completeness: saved.completeness,
  failed: [],
};
const personas: readonly Scenario[] = [
  {
    name: "a document makes its person's personas anew",
    machine,
    input: document,
    answers,
    path: wholeBuild,
    branches: types,
    output: personasOutput,
  },
  {
    name: "a person alone, by hand, is their personas anew; nothing new asks no model",
    machine,
    input: { user },
    answers: { ...answers, Load: [payload({ ...loaded, types: [] })] },
    path: wholeBuild,
    output: { ...personasOutput, model_calls: 0, tokens: 0 },
  },
  {
    name: "a document that comes while another execution builds ends as coalesced",
    machine,
    input: document,
    answers: { ...answers, TakeLease: [conditionFailed] },
    path: [...asked, "AnyBuild", "RecordCoalesced", "Coalesced"],
    output: { status: "COALESCED", user },
  },
  ...lost.map(
    (error): Scenario => ({
      name: `a type whose call ends with ${error} keeps its persona, and operations are told`,
      machine,
      input: document,
      answers: { ...answers, Load: [payload({ ...loaded, types: ["social"] })], UpdatePersona: [error] },
      path: [...asked, ...build, "NotifyTypesFailed", ...end],
      branches: { Persona: ["Update", "Keep"] },
      output: { ...personasOutput, status: "PARTIAL", model_calls: 0, tokens: 0, failed: ["social"] },
    }),
  ),
  {
    name: "a document that comes during a build makes another build",
    machine,
    input: document,
    answers: { ...answers, ReturnLease: [conditionFailed, {}], TakeLease: [leased(7), leased(8)] },
    path: [...asked, ...build, "ReturnLease", "More", "TakeLease", ...build, ...end],
    branches: times(2),
    output: { ...personasOutput, builds: 2, model_calls: 4, tokens: 2000 },
  },
  {
    name: "a document that another execution has taken up ends with the build that was made",
    machine,
    input: document,
    answers: { ...answers, ReturnLease: [conditionFailed], TakeLease: [leased(7), conditionFailed] },
    path: [
      ...[...asked, ...build, "ReturnLease", "More", "TakeLease", "AnyBuild"],
      ...["RecordPersonas", "PersonasDone"],
    ],
    branches: types,
    output: personasOutput,
  },
  ...[{}, conditionFailed].map(
    (giveUp): Scenario => ({
      name: `documents without end are handed over to a new execution ${giveUp === conditionFailed ? "by who has lost the lease" : "with the lease"}`,
      machine,
      input: document,
      answers: { ...answers, ReturnLease: [conditionFailed], GiveUpLease: [giveUp] },
      path: [
        ...asked,
        ...Array.from({ length: 19 }, () => [...build, "ReturnLease", "More", "TakeLease"]).flat(),
        ...[...build, "ReturnLease", "More", "GiveUpLease", "GoOn", "RecordPersonas", "PersonasDone"],
      ],
      branches: times(20),
    }),
  ),
  ...[
    { state: "HoldForLoad", path: [...window, "HoldForLoad"], branches: {} },
    { state: "HoldForSave", path: [...window, ...loading.slice(0, -1)], branches: types },
  ].map(
    ({ state, path, branches }): Scenario => ({
      name: `who lost the lease at ${state} leaves the build to its new holder`,
      machine,
      input: document,
      answers: { ...answers, [state]: [conditionFailed], TakeLease: [leased(7), conditionFailed] },
      path: [...asked, ...path, "TakeLease", "AnyBuild", "RecordCoalesced", "Coalesced"],
      branches,
    }),
  ),
  {
    name: "personas that another holder has saved meanwhile are loaded again",
    machine,
    input: document,
    answers: { ...answers, Save: ["ObjectChanged", payload(saved)] },
    path: [...asked, ...window, ...loading, "Reload", "BeforeReload", ...wholeBuild.slice(asked.length + 2)],
    branches: times(2),
    output: { ...personasOutput, model_calls: 4, tokens: 2000 },
  },
  {
    name: "personas that others save during each of ten loads fail",
    machine,
    input: document,
    answers: { ...answers, Save: ["ObjectChanged"] },
    path: [
      ...[...asked, ...window, ...loading, "Reload"],
      ...Array.from({ length: 9 }, () => ["BeforeReload", ...loading, "Reload"]).flat(),
      "StillOthers",
    ],
    branches: times(10),
    error: "PersonasKeepChanging",
  },
  ...[
    { state: "Load", path: ["HoldForLoad", "Load"], branches: {} },
    { state: "UpdatePersona", path: ["HoldForLoad", "Load", "Update"], branches: { Persona: ["Update"] } },
    { state: "Save", path: loading, branches: { Persona: ["Update"] } },
  ].flatMap(({ state, path, branches }) =>
    [{}, conditionFailed].map(
      (letGo): Scenario => ({
        name: `who is erased before ${state} is ignored, ${letGo === conditionFailed ? "and the lease is another's" : "and the lease given back"}`,
        machine,
        input: document,
        answers: {
          ...answers,
          Load: [payload({ ...loaded, types: ["social"] })],
          [state]: ["PersonGone"],
          LetGo: [letGo],
        },
        path: [...asked, ...window, ...path, "LetGo", "Ignored"],
        branches,
        output: ignored("PersonGone"),
      }),
    ),
  ),
];

const erasing: readonly Scenario[] = [
  {
    name: "a person is marked, and when nobody works on them any more all of theirs goes",
    machine,
    input: { user, forget: true },
    answers,
    path: ["Accept", "Route", "MarkErased", "Grace", "Forget", "RecordForgotten", "Forgotten"],
    output: { status: "ERASED", user, objects: 12, items: 4 },
  },
  {
    name: "there is nothing to erase of a person whom nobody knows",
    machine,
    input: { user, forget: true },
    answers: { ...answers, MarkErased: [conditionFailed] },
    path: ["Accept", "Route", "MarkErased", "Ignored"],
    output: ignored("unknown_person"),
  },
  ...[upload, document].map(
    (input): Scenario => ({
      name: `what comes late of a person who was erased goes: ${input.detail.object.key.slice(31, 37)}`,
      machine,
      input,
      answers: { ...answers, FindPerson: [erased] },
      path: [...begin, "Forget", "RecordForgotten", "Forgotten"],
      output: { status: "ERASED", user, objects: 12, items: 4 },
    }),
  ),
];

/** One execution for each path through `digital-dna` that makes personas or erases a person. */
export const dnaPersonaScenarios: readonly Scenario[] = [...personas, ...erasing];
