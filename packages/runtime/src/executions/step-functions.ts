import {
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  type ExecutionListItem,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  type SFNClient,
  StartExecutionCommand,
  type HistoryEvent as WireEvent,
} from "@aws-sdk/client-sfn";
import { fromAws } from "../aws/failures.ts";
import { InvalidExecution, InvalidPageToken, NameTaken, NotRedrivable } from "./errors.ts";
import { executionArn } from "./execution-id.ts";
import type { DescribedExecution, ExecutionsPort, HistoryEvent, ListedExecution } from "./port.ts";

/** The port over Step Functions itself, or whatever speaks its protocol. */
export function stepFunctionsExecutions(client: SFNClient): ExecutionsPort {
  return {
    async start(stateMachineArn, name, input) {
      try {
        const command = new StartExecutionCommand({ stateMachineArn, name, input });
        const { executionArn: arn = executionArn(stateMachineArn, name), startDate } =
          await client.send(command);
        return { arn, startedAt: startDate ?? new Date() };
      } catch (error) {
        if (named(error, "ExecutionAlreadyExists"))
          throw new NameTaken(`An execution with the name "${name}" was started with another input.`, {
            cause: error,
          });
        if (
          named(error, "InvalidName", "InvalidExecutionInput", "ValidationException") &&
          error instanceof Error
        )
          throw new InvalidExecution(error.message, { cause: error });
        return fromAws(`The machine ${stateMachineArn}`)(error);
      }
    },

    async list(stateMachineArn, { status, token, limit }) {
      try {
        const { executions = [], nextToken } = await client.send(
          new ListExecutionsCommand({
            stateMachineArn,
            maxResults: limit,
            ...(status !== undefined && { statusFilter: status }),
            ...(token !== undefined && { nextToken: token }),
          }),
        );
        return { executions: executions.map(listed), token: nextToken };
      } catch (error) {
        if (named(error, "InvalidToken")) throw new InvalidPageToken();
        return fromAws(`The list of executions of ${stateMachineArn}`)(error);
      }
    },

    async describe(arn) {
      try {
        return described(await client.send(new DescribeExecutionCommand({ executionArn: arn })));
      } catch (error) {
        if (absent(error)) return undefined;
        return fromAws(`The execution ${arn}`)(error);
      }
    },

    async history(arn) {
      const events: HistoryEvent[] = [];
      let nextToken: string | undefined;
      try {
        do {
          const page = await client.send(
            new GetExecutionHistoryCommand({
              executionArn: arn,
              maxResults: 1000,
              // Data can be 256 KiB an event; names and errors come without.
              includeExecutionData: false,
              ...(nextToken !== undefined && { nextToken }),
            }),
          );
          events.push(...(page.events ?? []).map(historyEvent));
          nextToken = page.nextToken;
        } while (nextToken !== undefined);
        return events;
      } catch (error) {
        if (absent(error)) return undefined;
        return fromAws(`The history of ${arn}`)(error);
      }
    },

    async redrive(arn) {
      try {
        const { redriveDate } = await client.send(new RedriveExecutionCommand({ executionArn: arn }));
        return redriveDate ?? new Date();
      } catch (error) {
        if (absent(error)) return undefined;
        if (named(error, "ExecutionNotRedrivable") && error instanceof Error)
          throw new NotRedrivable(error.message, { cause: error });
        return fromAws(`The execution ${arn}`)(error);
      }
    },
  };
}

function named(error: unknown, ...names: string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}

/** A name that no ARN may hold is a name that no execution has. */
function absent(error: unknown): boolean {
  return named(error, "ExecutionDoesNotExist", "InvalidArn");
}

function listed(item: ExecutionListItem | DescribeExecutionOutput): ListedExecution {
  return {
    arn: item.executionArn ?? "",
    name: item.name ?? "",
    status: item.status ?? "",
    startedAt: item.startDate ?? new Date(0),
    stoppedAt: item.stopDate,
    redriveCount: item.redriveCount ?? 0,
  };
}

function described(output: DescribeExecutionOutput): DescribedExecution {
  return {
    ...listed(output),
    input: output.input,
    output: output.output,
    error: output.error,
    cause: output.cause,
    redrivable: output.redriveStatus === "REDRIVABLE",
  };
}

/** Every kind of event has details of its own; names and errors stand at the same place in each. */
function historyEvent(event: WireEvent): HistoryEvent {
  const { id = 0, previousEventId = 0, timestamp = new Date(0), type = "" } = event;
  let [state, error]: (string | undefined)[] = [];
  for (const details of Object.values(event)) {
    if (typeof details !== "object" || details === null || details instanceof Date) continue;
    state ??= textOf(details, "name") ?? textOf(details, "state");
    error ??= textOf(details, "error");
  }
  return { id, previousEventId, at: timestamp, type, state, error };
}

function textOf(details: object, property: string): string | undefined {
  const value: unknown = Reflect.get(details, property);
  return typeof value === "string" ? value : undefined;
}
