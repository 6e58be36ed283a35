import { type ResourceGraph, resourcesOf } from "../../render/graph.ts";
import type { Rule, Target } from "../events/event-bus.ts";
import { Inputs } from "./inputs.ts";

/** A rule or a schedule that runs by time. */
export interface WantedSchedule {
  readonly name: string;
  readonly arn: string;
  /** `cron(…)`, `rate(…)` or `at(…)`. */
  readonly expression: string;
  readonly timezone: string;
  readonly targets: readonly Target[];
  /** EventBridge's rules send an event; Scheduler's schedules send their input with its placeholders filled in. */
  readonly kind: "rule" | "schedule";
}

/** Reads a target; Scheduler's have other names for a few properties than the rules' targets. */
function target(inputs: Inputs): Target {
  const input = inputs.optionalText("input");
  const inputPath = inputs.optionalText("inputPath");
  const transformer = inputs.part("inputTransformer");
  const retry = inputs.part("retryPolicy");
  const group = (inputs.part("sqsTarget") ?? inputs.part("sqsParameters"))?.optionalText("messageGroupId");
  return {
    arn: inputs.text("arn"),
    role: inputs.optionalText("roleArn"),
    deadLetterQueueArn: inputs.part("deadLetterConfig")?.optionalText("arn"),
    retryPolicy: {
      maximumEventAgeInSeconds: retry?.optionalNumber("maximumEventAgeInSeconds") ?? 86_400,
      maximumRetryAttempts: retry?.optionalNumber("maximumRetryAttempts") ?? 185,
    },
    ...(group === undefined ? {} : { messageGroupId: group }),
    ...(input === undefined ? {} : { input }),
    ...(inputPath === undefined ? {} : { inputPath }),
    ...(transformer === undefined
      ? {}
      : {
          inputTransformer: {
            inputPaths: transformer.record("inputPaths"),
            inputTemplate: transformer.text("inputTemplate"),
          },
        }),
  };
}

function busName(inputs: Inputs): string {
  const bus = inputs.optionalText("eventBusName") ?? "default";
  return bus.slice(bus.lastIndexOf("/") + 1);
}

function enabled(inputs: Inputs): boolean {
  return inputs.optionalText("state") !== "DISABLED";
}

function targetsOf(graph: ResourceGraph, rule: string, bus: string): Target[] {
  return resourcesOf(graph, "aws:cloudwatch/eventTarget:EventTarget")
    .map((resource) => new Inputs(resource))
    .filter((inputs) => inputs.text("rule") === rule && busName(inputs) === bus)
    .map(target);
}

function enabledRules(graph: ResourceGraph): Inputs[] {
  return resourcesOf(graph, "aws:cloudwatch/eventRule:EventRule")
    .map((resource) => new Inputs(resource))
    .filter(enabled);
}

/** The names of the program's buses, `default` among them. */
export function buses(graph: ResourceGraph): string[] {
  const own = resourcesOf(graph, "aws:cloudwatch/eventBus:EventBus").map((resource) =>
    new Inputs(resource).text("name"),
  );
  return ["default", ...own];
}

/** The rules that match events. */
export function rules(graph: ResourceGraph): Rule[] {
  return enabledRules(graph)
    .filter((inputs) => inputs.json("eventPattern") !== undefined)
    .map((inputs) => {
      const [name, bus] = [inputs.text("name"), busName(inputs)];
      return {
        name,
        arn: inputs.text("arn"),
        bus,
        pattern: inputs.json("eventPattern"),
        targets: targetsOf(graph, name, bus),
      };
    });
}

/** The rules and schedules that run by time. */
export function schedules(graph: ResourceGraph): WantedSchedule[] {
  const timed = enabledRules(graph)
    .filter((inputs) => inputs.optionalText("scheduleExpression") !== undefined)
    .map((inputs): WantedSchedule => {
      const name = inputs.text("name");
      const expression = inputs.text("scheduleExpression");
      const targets = targetsOf(graph, name, busName(inputs));
      return { name, arn: inputs.text("arn"), expression, timezone: "UTC", targets, kind: "rule" };
    });
  const scheduled = resourcesOf(graph, "aws:scheduler/schedule:Schedule")
    .map((resource) => new Inputs(resource))
    .filter(enabled)
    .map((inputs): WantedSchedule => {
      const only = inputs.part("target");
      return {
        name: inputs.text("name"),
        arn: inputs.text("arn"),
        expression: inputs.text("scheduleExpression"),
        timezone: inputs.optionalText("scheduleExpressionTimezone") ?? "UTC",
        targets: only === undefined ? [] : [target(only)],
        kind: "schedule",
      };
    });
  return [...timed, ...scheduled];
}
