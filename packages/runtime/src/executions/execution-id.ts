/** Where the state machines are: their ARNs by workflow, such as `raw-to-curated`. */
export type Machines = Readonly<Record<string, string>>;

/** An execution's id: its workflow and its name. Names have no colon. */
export function executionId(workflow: string, name: string): string {
  return `${workflow}:${name}`;
}

/** ARN of an execution by the ARN of its machine. */
export function executionArn(machine: string, name: string): string {
  return `${machine.replace(":stateMachine:", ":execution:")}:${name}`;
}

/** Workflow and name of an id; undefined when the id is none, or of no workflow that there is. */
export function parseExecutionId(
  id: string,
  machines: Machines,
): { readonly workflow: string; readonly machine: string; readonly name: string } | undefined {
  const [, workflow = "", name = ""] = /^([^:]+):([^:]+)$/.exec(id) ?? [];
  const machine = Object.hasOwn(machines, workflow) ? machines[workflow] : undefined;
  return machine === undefined ? undefined : { workflow, machine, name };
}
