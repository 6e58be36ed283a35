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
