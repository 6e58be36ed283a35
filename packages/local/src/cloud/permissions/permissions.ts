import {
  createValidatedPolicy,
  type ValidatedPolicy,
  validateIdentityPolicy,
  validateResourcePolicy,
} from "@cloud-copilot/iam-policy";
import { runSimulation, runUnsafeSimulation, type Simulation } from "@cloud-copilot/iam-simulate";
import type { ResourceGraph } from "../../render/graph.ts";
import type { ServiceIdentity } from "../gateway/call.ts";
import type { Context, Demand } from "./demand.ts";
import { allGrants, type Grant, grantKey } from "./grants.ts";
import { neededGrants } from "./needed-grants.ts";
import { InvalidPolicy, type PolicyDocument } from "./policy-document.ts";
import { type Principal, principalOf } from "./principal.ts";
import { type Reason, type Refusal, reasonOf } from "./refusal.ts";
import { policyHolder, resourcePolicies } from "./resource-policies.ts";
import { type NamedPolicy, type RolePolicies, rolePolicies } from "./role-policies.ts";

/** A demand that no policy can grant: IAM has no such action, or none on such a resource. */
export class UnknownPermission extends Error {
  override readonly name = "UnknownPermission";
  constructor({ action, resource }: Demand, reason: string) {
    super(
      `IAM does not know ${action} on ${resource} (${reason}): no policy can allow the call. ` +
        "The table of its service in packages/local/src/cloud/permissions/demands names it wrongly.",
    );
  }
}

/** What a policy is called where the evaluator speaks of it. */
interface Named {
  readonly name: string;
}

/** A policy as the evaluator takes it. */
interface ReadyPolicy {
  readonly name: string;
  readonly policy: ValidatedPolicy<Named>;
}

interface ReadyRole {
  readonly name: string;
  readonly identity: readonly ReadyPolicy[];
  readonly boundary: readonly ReadyPolicy[] | undefined;
}

/** Decisions are kept up to this many, then forgotten all at once: a run asks for few over and over. */
const KEPT = 20_000;

/**
 * Decides by the program's policies who may do what: identity policies, boundaries, the resources' own. The evaluation is
 * iam-simulate's; what is here gathers the policies, keeps decisions, and notes which statements were needed.
 */
export class Permissions {
  readonly #account: string;
  readonly #roles: ReadonlyMap<string, RolePolicies>;
  readonly #resources: ReadonlyMap<string, PolicyDocument>;
  readonly #ready = new Map<string, ReadyRole>();
  readonly #own = new Map<string, ValidatedPolicy<Named>>();
  readonly #decisions = new Map<string, Promise<Reason | undefined>>();
  readonly #noting: boolean;
  readonly #needed = new Map<string, Grant>();
  /** Actions that IAM was found to know. */
  readonly #known = new Set<string>();

  /**
   * @param noting whether {@link needed} is to be told: which statements allowed a call takes longer to find out
   * @throws {InvalidPolicy | UnknownManagedPolicy}
   */
  constructor(graph: ResourceGraph, noting = false) {
    this.#account = graph.account;
    this.#noting = noting;
    this.#roles = rolePolicies(graph);
    this.#resources = resourcePolicies(graph);
    for (const [arn, { name, policies, boundary }] of this.#roles) {
      const identity = policies.map((policy) => ready(policy, name));
      this.#ready.set(arn, { name, identity, boundary: boundary && [ready(boundary, name)] });
    }
    for (const [arn, document] of this.#resources) {
      this.#own.set(arn, validated(document, validateResourcePolicy, arn));
    }
  }

  /** Why the principal may not; nothing when it may. @throws {UnknownPermission} */
  async refusal(principal: Principal, demand: Demand): Promise<Refusal | undefined> {
    const key = JSON.stringify([principal.name, principal.context, demand]);
    let decision = this.#decisions.get(key);
    if (decision === undefined) {
      if (this.#decisions.size >= KEPT) this.#decisions.clear();
      decision = this.#decide(principal, demand);
      this.#decisions.set(key, decision);
    }
    const reason = await decision;
    return reason && { principal: principal.name, demand, reason };
  }

  /** Whether a service may in its own name, as API Gateway invokes a function: by the resource's own policy alone. */
  async admits(service: ServiceIdentity, demand: Demand): Promise<boolean> {
    const principal = principalOf({ accessKeyId: "", service }, this.#account);
    return principal !== undefined && (await this.refusal(principal, demand)) === undefined;
  }

  /** What the policies of the program allow, each action on each resource by itself. */
  granted(): Grant[] {
    return allGrants(this.#roles.values(), this.#resources);
  }

  /** What of it a call has needed until now, if that is noted. */
  needed(): Grant[] {
    return [...this.#needed.values()];
  }

  async #decide(principal: Principal, demand: Demand): Promise<Reason | undefined> {
    const role = this.#ready.get(principal.role ?? "");
    const holder = policyHolder(demand.resource);
    const simulation: Simulation = {
      request: {
        principal: principal.name,
        action: demand.action,
        resource: { resource: literal(demand.resource), accountId: this.#account },
        contextVariables: contextOf(principal, demand),
      },
      identityPolicies: [...(role?.identity ?? [])],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: this.#own.get(holder),
      ...(role?.boundary && { permissionBoundaryPolicies: [...role.boundary] }),
    };
    // Checking the request against IAM's own data takes ten times as long as evaluating it: done once for an action,
    // for actions without resources, and for whatever is refused.
    const checked = this.#known.has(demand.action) && demand.resource !== "*";
    if (checked && !this.#noting && runUnsafeSimulation(simulation, {}) === "Allowed") return undefined;
    const answer = await runSimulation(simulation, {});
    if (answer.resultType !== "single") {
      throw new UnknownPermission(
        demand,
        answer.resultType === "error" ? answer.errors.message : "a pattern is no resource",
      );
    }
    this.#known.add(demand.action);
    const { analysis, ignoredContextKeys = [] } = answer.result;
    // The validated evaluation drops keys that have a name of the caller's in them: kms:EncryptionContext:<name>.
    const result = ignoredContextKeys.length > 0 ? runUnsafeSimulation(simulation, {}) : answer.overallResult;
    if (result !== "Allowed") return reasonOf(analysis, result === "ExplicitlyDenied");
    if (!this.#noting) return undefined;
    for (const grant of neededGrants(analysis, { role: role?.name ?? "", resource: holder })) {
      this.#needed.set(grantKey(grant), grant);
    }
    return undefined;
  }
}

function ready({ name, document }: NamedPolicy, role: string): ReadyPolicy {
  return { name, policy: validated(document, validateIdentityPolicy, `the role ${role}`) };
}

/** Checked once instead of at each request. @throws {InvalidPolicy} */
function validated(
  document: PolicyDocument,
  validate: typeof validateIdentityPolicy,
  owner: string,
): ValidatedPolicy<Named> {
  const policy = createValidatedPolicy(document, validate, { name: owner });
  const [first] = policy.errors;
  if (first !== undefined) throw new InvalidPolicy(owner, `${first.message} (${first.path})`);
  return policy;
}

/** A request names one resource: a star in an object's key is a character like any other, and so is a line break. */
function literal(resource: string): string {
  return resource === "*" ? resource : resource.replace(/[*\p{Cc}\u{2028}\u{2029}]/gu, "_");
}

function contextOf(principal: Principal, demand: Demand): Record<string, string | string[]> {
  const context: Context = { ...principal.context, ...demand.context };
  return Object.fromEntries(
    Object.entries(context).map(([name, value]) => [name, typeof value === "string" ? value : [...value]]),
  );
}
