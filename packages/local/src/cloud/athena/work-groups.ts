import type { WorkGroup } from "../program/work-groups.ts";
import { invalid } from "./invalid-request.ts";

/** Athena's workgroups, by name. */
export class WorkGroups {
  readonly #byName: Map<string, WorkGroup>;

  constructor(groups: readonly WorkGroup[]) {
    this.#byName = new Map(groups.map((group) => [group.name, group]));
  }

  /** @throws {AwsError} InvalidRequestException */
  get(name: string): WorkGroup {
    const group = this.#byName.get(name);
    if (group === undefined) throw invalid(`WorkGroup ${name} is not found.`);
    return group;
  }

  all(): WorkGroup[] {
    return [...this.#byName.values()];
  }

  /** @throws {AwsError} InvalidRequestException */
  create(group: WorkGroup): void {
    if (this.#byName.has(group.name)) throw invalid(`WorkGroup ${group.name} is already created`);
    this.#byName.set(group.name, group);
  }

  /** @throws {AwsError} InvalidRequestException */
  update(group: WorkGroup): void {
    this.get(group.name);
    this.#byName.set(group.name, group);
  }

  /** @throws {AwsError} InvalidRequestException */
  delete(name: string): void {
    if (name === "primary") throw invalid("The primary workgroup cannot be deleted");
    this.get(name);
    this.#byName.delete(name);
  }
}
