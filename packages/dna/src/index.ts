export { type CategorisedChunk, categoriseChunk } from "./categorise/categorise-chunk.ts";

export { isCurrent, type StoredDocument, storedDocument } from "./categorise/current-document.ts";
export { type WrittenDocument, writeDocument } from "./categorise/write-document.ts";
export { type ForgetPorts, type ForgottenPerson, forgetPerson } from "./personas/forget-person.ts";
export { type LoadedPersonas, loadPersonas } from "./personas/load-personas.ts";
export { type SavedPersonas, savePersonas } from "./personas/save-personas.ts";
export { type UpdatedPersona, updatePersona } from "./personas/update-persona.ts";
export type { DnaPorts, ModelPorts, ReadPorts } from "./ports.ts";
export { type ReadExport, readExport } from "./reading/read-export.ts";
export { CategoriseSettings, DnaSettings, PersonaSettings } from "./settings.ts";
export {
  CategoriseChunkInput,
  ForgetPersonInput,
  LoadPersonasInput,
  ReadExportInput,
  SavePersonasInput,
  UpdatePersonaInput,
  WriteDocumentInput,
} from "./task-inputs.ts";
export { withinUser } from "./within-user.ts";
