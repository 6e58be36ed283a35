import type { TaskContext } from "@penstock/runtime";
import { linkedModel, type TextModel } from "@penstock/runtime/model";
import type { ModelPorts } from "../ports.ts";
import { campaignPorts } from "./campaign-ports.ts";

let model: TextModel | undefined;

/** The ports of a task that asks a model; its client is made once in a sandbox. */
export function modelPorts(context: TaskContext): ModelPorts {
  const ports = campaignPorts(context);
  model ??= linkedModel(ports.settings.model);
  return { ...ports, model, metrics: context.metrics };
}
