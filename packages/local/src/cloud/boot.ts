import { EventEmitter } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../engine/index.ts";
import type { ResourceGraph } from "../render/graph.ts";
import { createStepFunctions, type StepFunctions } from "../stepfunctions/index.ts";
import { athenaService } from "./athena/athena-service.ts";
import { QueryExecutions } from "./athena/query-executions.ts";
import { WorkGroups } from "./athena/work-groups.ts";
import { AwsClients } from "./aws-clients.ts";
import { bedrockService } from "./bedrock/bedrock-service.ts";
import { chatCompletionsModel, modelEndpoint } from "./bedrock/chat-completions.ts";
import { offlineModel } from "./bedrock/offline/local-model.ts";
import type { Cloud, CloudEvents, CloudOptions } from "./cloud.ts";
import { createResources } from "./create-resources.ts";
import { type CloudDescription, type Doors, describeCloud } from "./describe-cloud.ts";
import { deliverer } from "./events/deliver.ts";
import { makeEvent } from "./events/event.ts";
import { EventBus } from "./events/event-bus.ts";
import { eventsService } from "./events/events-service.ts";
import { objectEvent } from "./events/object-event.ts";
import { Schedules } from "./events/schedules.ts";
import { Firehose } from "./firehose/firehose.ts";
import { firehoseService } from "./firehose/firehose-service.ts";
import type { Service } from "./gateway/call.ts";
import { CredentialIssuer } from "./gateway/credentials.ts";
import { type Gateway, openGateway } from "./gateway/gateway.ts";
import { GlueCatalog } from "./glue/catalog/glue-catalog.ts";
import { Crawlers } from "./glue/crawlers/crawlers.ts";
import { glueService } from "./glue/glue-service.ts";
import { JobRuns } from "./glue/job-runs.ts";
import { openHttpApis } from "./http-api/http-apis.ts";
import { childAdmission } from "./integrations/child-admission.ts";
import { taskServices } from "./integrations/task-services.ts";
import { kinesisService } from "./kinesis/kinesis-service.ts";
import { Streams } from "./kinesis/streams.ts";
import { openMappings } from "./lambda/event-sources/mappings.ts";
import { lambdaService } from "./lambda/lambda-service.ts";
import { openFunctions } from "./lambda/open-functions.ts";
import { Guard, Permissions } from "./permissions/index.ts";
import { ProcessKeeper } from "./process-keeper.ts";
import { declaredCatalog } from "./program/catalog.ts";
import { crawlers as wantedCrawlers } from "./program/crawlers.ts";
import { deliveryStreams } from "./program/delivery-streams.ts";
import { jobs } from "./program/jobs.ts";
import { notBuilt } from "./program/not-built.ts";
import { buses, rules, schedules } from "./program/rules.ts";
import { buckets as wantedBuckets } from "./program/storage.ts";
import { streams as wantedStreams } from "./program/streams.ts";
import { workGroups } from "./program/work-groups.ts";
import { rekognitionService } from "./rekognition/rekognition-service.ts";
import { dynamoDbService } from "./services/dynamodb.ts";
import { allowAstralCharacters } from "./services/message-characters.ts";
import { QueuesAndTopics } from "./services/queues-and-topics.ts";
import { Buckets } from "./services/s3/buckets.ts";
import { s3Service } from "./services/s3/s3-service.ts";
import { statesService } from "./services/states.ts";
import { stsService } from "./services/sts.ts";

/** Enough to look back on a day at a laptop, in tens of megabytes. */
const FINISHED_EXECUTIONS = 1000;

/**
 * Boots the local cloud: exactly what the graph holds, behind one gateway.
 * @throws {PortTaken} {@link UnreadableResource} {@link InvalidPolicy} {@link UnknownManagedPolicy} {@link InvalidEventPattern} {@link InvalidSchedule}
 * {@link MachineRefused} {@link InvalidModelEndpoint} {@link UnsupportedDeliveryStream} {@link UnsupportedMapping} {@link UnsupportedDistribution}
 */
export async function bootCloud(graph: ResourceGraph, options: CloudOptions): Promise<Cloud> {
  const credentials = new CredentialIssuer();
  const permissions = new Permissions(graph, options.notesGrants);
  const guard = new Guard(graph, permissions);
  const services: Record<string, Service> = {};
  let doors: Doors = {
    httpApis: { apis: {}, issuers: {} },
    outside: { distributions: {}, youtube: "" },
  };
  const gateway: Gateway = await openGateway({
    port: options.port ?? 0,
    credentials,
    services,
    guard,
    describe: (): CloudDescription => describeCloud(graph, gateway.endpoint, doors),
  });
  const temporary = mkdtempSync(join(tmpdir(), "penstock-"));
  /** Undone in the opposite order at the end, or as far as the boot came. */
  const undo: (() => unknown)[] = [() => rmSync(temporary, { recursive: true, force: true }), gateway.close];
  const close = async () => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
  };
  try {
    const parts = await assemble(graph, options, {
      credentials,
      guard,
      permissions,
      services,
      temporary,
      undo,
      endpoint: gateway.endpoint,
    });
    doors = parts;
    return { ...parts, neededGrants: () => permissions.needed(), close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Ground {
  readonly credentials: CredentialIssuer;
  readonly guard: Guard;
  readonly permissions: Permissions;
  /** Filled here; the gateway looks services up as requests come. */
  readonly services: Record<string, Service>;
  readonly temporary: string;
  readonly undo: (() => unknown)[];
  readonly endpoint: string;
}

async function assemble(
  graph: ResourceGraph,
  options: CloudOptions,
  ground: Ground,
): Promise<Omit<Cloud, "close" | "neededGrants">> {
  const { account, region } = graph;
  const { credentials, temporary, undo, endpoint } = ground;
  const clock = options.clock ?? systemClock();
  const data = options.dataDirectory ?? temporary;
  const model = options.model ?? modelEndpoint(process.env);
  const emitter = new EventEmitter<CloudEvents>();

  await allowAstralCharacters();
  const messaging = new QueuesAndTopics();
  undo.push(() => messaging.close());
  messaging.notices.on("published", (notice) => emitter.emit("notice", notice));
  const clients = new AwsClients(endpoint, region, credentials);
  undo.push(() => clients.close());
  const bus: EventBus = new EventBus({
    rules: rules(graph),
    clock,
    ...deliverer(clients, {
      toBus: (arn, input) => bus.put(JSON.parse(input), arn.slice(arn.lastIndexOf("/") + 1)),
      quiet: () => fleet.quiet(),
    }),
    onEvent: (event, name) => emitter.emit("event", event, name),
    onLost: (rule, target, failure) =>
      emitter.emit("lost", {
        rule: rule.name,
        target: target.arn,
        reason: `${failure.code}: ${failure.message}`,
      }),
  });

  const wanted = wantedBuckets(graph);
  const notifying = new Set(wanted.filter((bucket) => bucket.notifies).map((bucket) => bucket.name));
  const names = wanted.map((bucket) => bucket.name);
  const store = new Buckets(join(data, "s3"), names, region, (change) => {
    if (notifying.has(change.bucket)) bus.put(makeEvent(objectEvent(change, account), graph));
  });
  undo.push(() => store.close());
  const streams = new Streams(wantedStreams(graph), account);
  const firehose = new Firehose(deliveryStreams(graph), {
    streams,
    clients,
    guard: ground.guard,
    clock,
    onLost: (loss) => emitter.emit("lost", loss),
  });
  const keeper = new ProcessKeeper();
  undo.push(() => keeper.close());
  const languageModel = model === undefined ? offlineModel : chatCompletionsModel(model);
  const { fleet, functions, outside } = await openFunctions(graph, options, {
    ...ground,
    clock,
    keeper,
    data,
    languageModel,
  });
  const place = { root: options.root, endpoint, credentials };
  const jobRuns = new JobRuns(jobs(graph), {
    ...place,
    region,
    keeper,
    workDirectory: join(temporary, "glue"),
  });
  const crawlers = new Crawlers(clients, account, clock);
  for (const crawler of wantedCrawlers(graph)) crawlers.create(crawler);
  const queries = new QueryExecutions({
    ...place,
    region,
    keeper,
    workDirectory: join(temporary, "athena"),
    workGroups: new WorkGroups(workGroups(graph)),
  });
  ground.guard.workGroupOf = (id) => queries.find(id)?.wanted.workGroup;
  const stepFunctions: StepFunctions = createStepFunctions({
    services: {
      ...taskServices(clients, (arn) => stepFunctions.execution(arn)?.execution.result),
      admitChildren: childAdmission(ground.permissions, account),
    },
    clock,
    account,
    region,
    retention: {
      finished: options.finishedExecutions ?? FINISHED_EXECUTIONS,
      ...(options.keepExecutions === true ? { directory: join(data, "executions") } : {}),
    },
    events: (event) => {
      emitter.emit("execution", event.detail);
      bus.put({ ...event, detail: { ...event.detail } });
    },
    onHistoryEvent: (arn, event) => emitter.emit("history", arn, event),
  });

  Object.assign(ground.services, {
    athena: athenaService(queries),
    bedrock: bedrockService(languageModel, options.delays?.modelMs),
    dynamodb: dynamoDbService(),
    events: eventsService(graph, buses(graph), (event, name) => bus.put(event, name)),
    firehose: firehoseService(firehose, account),
    glue: glueService({ runs: jobRuns, catalog: new GlueCatalog(declaredCatalog(graph)), crawlers, account }),
    kinesis: kinesisService(streams),
    lambda: lambdaService(functions),
    rekognition: rekognitionService(clients, options.delays?.labelsMs),
    s3: s3Service(store, credentials),
    sns: messaging.sns,
    sqs: messaging.sqs,
    states: statesService(stepFunctions),
    sts: stsService(account),
  } satisfies Record<string, Service>);

  const timers = new Schedules(schedules(graph), bus, graph, options.schedules ?? "hold");
  undo.push(
    () => stepFunctions.close(),
    // Sandboxes before executions: what they have begun fails, and the executions end on that instead of waiting.
    () => Promise.all([fleet.close(), jobRuns.close(), queries.close(), crawlers.close()]),
    () => functions.close(),
    () => bus.close(),
    () => firehose.close(),
    () => timers.close(),
  );
  await createResources(graph, clients, stepFunctions, ground.permissions);
  const httpApis = await openHttpApis(graph, {
    functions,
    permissions: ground.permissions,
    clock,
    port: options.port ? options.port + 1 : 0,
  });
  undo.push(httpApis.close);
  const mappings = await openMappings(graph, {
    clients,
    functions,
    onTrouble: ({ name, queueArn }, reason) => emitter.emit("lost", { rule: name, target: queueArn, reason }),
  });
  undo.push(mappings.close);

  return {
    endpoint,
    graph,
    stepFunctions,
    functions,
    httpApis,
    outside,
    notBuilt: notBuilt(graph),
    on: emitter.on.bind(emitter),
    pending: () => ({
      deliveries: bus.pending + firehose.pending + mappings.working,
      invocations:
        fleet.pending + functions.asynchronous + jobRuns.running + queries.pending + crawlers.running,
      executions: [...stepFunctions.executions()].filter(({ execution }) => execution.status === "RUNNING")
        .length,
    }),
    fireSchedule: (name, scheduledTime) => timers.fire(name, scheduledTime),
    deliverStreams: () => firehose.flush(),
    log: (functionName) => fleet.log(functionName).recent,
    sandboxPids: () => fleet.pids,
  };
}
