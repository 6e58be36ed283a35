import type { ResourceGraph } from "../render/graph.ts";
import { resourcesOf } from "../render/graph.ts";
import type { StepFunctions } from "../stepfunctions/index.ts";
import type { AwsClients } from "./aws-clients.ts";
import { managedRuleRefusal, type Permissions } from "./permissions/index.ts";
import { Inputs } from "./program/inputs.ts";
import { queues, subscriptions, topics } from "./program/messaging.ts";
import { tables } from "./program/storage.ts";

/** A state machine of the program that Step Functions refuses. */
export class MachineRefused extends Error {
  override readonly name = "MachineRefused";
}

/** Makes the program's tables, queues, topics, subscriptions and state machines, through their services' own APIs. */
export async function createResources(
  graph: ResourceGraph,
  clients: AwsClients,
  stepFunctions: StepFunctions,
  permissions: Permissions,
): Promise<void> {
  const as = { operator: true, signal: AbortSignal.timeout(60_000) } as const;
  for (const table of tables(graph)) await clients.call("dynamodb", "createTable", table, as);
  for (const { name, attributes } of queues(graph)) {
    await clients.call("sqs", "createQueue", { QueueName: name, Attributes: attributes }, as);
  }
  for (const { name, attributes } of topics(graph)) {
    await clients.call("sns", "createTopic", { Name: name, Attributes: attributes }, as);
  }
  for (const { topicArn, protocol, endpoint, attributes } of subscriptions(graph)) {
    const subscription = {
      TopicArn: topicArn,
      Protocol: protocol,
      Endpoint: endpoint,
      Attributes: attributes,
    };
    await clients.call("sns", "subscribe", subscription, as);
  }
  for (const resource of resourcesOf(graph, "aws:sfn/stateMachine:StateMachine")) {
    const inputs = new Inputs(resource);
    const made = {
      name: inputs.text("name"),
      definition: inputs.text("definition"),
      roleArn: inputs.text("roleArn"),
    };
    const refused = await managedRuleRefusal(permissions, made, graph);
    if (refused !== undefined)
      throw new MachineRefused(`State machine "${made.name}" is refused: ${refused}`);
    const { status, body } = await stepFunctions.handle("CreateStateMachine", {
      ...made,
      type: inputs.optionalText("type") ?? "STANDARD",
    });
    if (status !== 200) {
      throw new MachineRefused(`State machine "${inputs.text("name")}" is refused: ${String(body.message)}`);
    }
  }
}
