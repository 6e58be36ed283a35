export { InvalidStage, PlatformMissing, ProgramFailed, type ProgramFault } from "./errors.ts";
export {
  ACCOUNT,
  type RenderedFunction,
  type RenderedResource,
  type ResourceGraph,
  resourcesOf,
} from "./graph.ts";
export { machinesOf, type RenderedMachine } from "./machines.ts";
export { type RenderOptions, renderProgram } from "./render-program.ts";
