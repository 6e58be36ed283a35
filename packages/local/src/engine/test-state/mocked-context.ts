import { isInteger, isObject, isString, type JsonObject } from "../fields.ts";
import { TestRefused } from "./test-refused.ts";

interface Kind {
  readonly accepts: (value: unknown) => boolean;
  readonly name: string;
}

const text: Kind = { accepts: isString, name: "a string" };
const count: Kind = { accepts: isInteger, name: "an integer" };
const anything: Kind = { accepts: () => true, name: "anything" };

/** The members that a context object may have; all of them are optional. */
const members: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  Execution: {
    Id: text,
    Input: anything,
    Name: text,
    RoleArn: text,
    StartTime: text,
    RedriveCount: count,
    RedriveTime: text,
  },
  State: { EnteredTime: text, Name: text, RetryCount: count },
  StateMachine: { Id: text, Name: text },
  Task: { Token: text },
};

/**
 * Checks a context object that is to stand in for the real one, as a whole.
 * @param takesToken whether the tested state is a task that is answered by token or polling
 * @throws TestRefused
 */
export function checkContext(context: unknown, takesToken: boolean): JsonObject {
  const refuse = (why: string): never => {
    throw new TestRefused(`Invalid Context object provided: ${why}`);
  };
  if (!isObject(context)) return refuse("it must be a JSON object");
  for (const [part, value] of Object.entries(context)) {
    if (part === "Map") refuse("'Map' field is not supported when mocking a Context object");
    const allowed = Object.hasOwn(members, part) ? members[part] : undefined;
    if (allowed === undefined) return refuse(`Field '${part}' is not allowed`);
    if (part === "Task" && !takesToken) {
      refuse(
        "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' service integration pattern",
      );
    }
    if (!isObject(value)) return refuse(`${part} must be an object`);
    for (const [name, member] of Object.entries(value)) {
      const kind = Object.hasOwn(allowed, name) ? allowed[name] : undefined;
      if (kind === undefined) return refuse(`Field '${name}' is not allowed`);
      if (!kind.accepts(member)) refuse(`${part}.${name} must be ${kind.name}`);
    }
  }
  return context;
}
