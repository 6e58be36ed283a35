export { type CategorisedChunk, categoriseChunk } from "./categorise/categorise-chunk.ts";

export { isCurrent, type StoredDocument, storedDocument } from "./categorise/current-document.ts";
export { type WrittenDocument, writeDocument } from "./categorise/write-document.ts";
export type { DnaPorts, ModelPorts, ReadPorts } from "./ports.ts";
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
