import type { EventEmitter } from "node:events";
import type { Clock, HistoryEvent } from "../engine/index.ts";
import type { ResourceGraph } from "../render/graph.ts";
import type { StatusChangeDetail, StepFunctions } from "../stepfunctions/index.ts";
import type { ModelEndpoint } from "./bedrock/chat-completions.ts";
import type { BusEvent } from "./events/event.ts";
import type { HttpApis } from "./http-api/http-apis.ts";
import type { Functions } from "./lambda/lambda-service.ts";
import type { Outside } from "./outside.ts";
import type { Grant } from "./permissions/index.ts";
import type { Notice } from "./services/queues-and-topics.ts";

/** What is waited before an answer, in milliseconds of real time. */
export interface Delays {
  /** Of Rekognition's, for a picture. */
  readonly labelsMs: number;
  /** Of YouTube's, for a request. */
  readonly youtubeMs: number;
  /** Of a model's, for a turn of a conversation or a picture. */
  readonly modelMs: number;
}

/** How a local cloud is to be booted. */
export interface CloudOptions {
  /** Folder that the handlers' paths start from: the repository. */
  readonly root: string;
  /** Port of the gateway on 127.0.0.1, any free one if absent; HTTP APIs, distributions and YouTube have the ports after it. */
  readonly port?: number;
  /** Keeps objects (`s3/<bucket>/<key>`) and logs (`logs/<function>.log`) after the end; else all of it is temporary. */
  readonly dataDirectory?: string;
  readonly clock?: Clock;
  /**
   * Functions that run at the same time, HTTP requests' not counted; as many as there are processors if absent, and at least two.
   * More of them only make sense where they wait for something else.
   */
  readonly functionsAtOnce?: number;
  /** Writes each execution that ends to `executions/<machine>/<name>.json` in the data directory. */
  readonly keepExecutions?: boolean;
  /** How many executions that ended well stay in memory, and how many of the others; 1000 if absent. */
  readonly finishedExecutions?: number;
  /** Notes which grants each call needs, some milliseconds a call: {@link Cloud.neededGrants}. */
  readonly notesGrants?: boolean;
  /** The model behind Bedrock; by the environment (`PENSTOCK_MODEL_URL`) if absent, and offline without that. */
  readonly model?: ModelEndpoint;
  /** How long the stand-ins for services that look, search and think take longer than they do; for measuring only. */
  readonly delays?: Partial<Delays>;
  /** Whether schedules run by the time of day. They can always be fired by hand. */
  readonly schedules?: "run" | "hold";
}

/** What can be listened to while the cloud runs. */
export interface CloudEvents {
  /** An execution changed its status. */
  execution: [StatusChangeDetail];
  /** An execution's history grew. */
  history: [executionArn: string, event: HistoryEvent];
  /** Something came onto a bus. */
  event: [event: BusEvent, bus: string];
  /** A message was published to a topic. */
  notice: [Notice];
  /** A delivery was given up and had no dead-letter queue; of a delivery stream, by its name for the rule's. */
  lost: [{ rule: string; target: string; reason: string }];
}

/** A running local cloud. */
export interface Cloud {
  /** Endpoint URL of every service. */
  readonly endpoint: string;
  readonly graph: ResourceGraph;
  readonly stepFunctions: StepFunctions;
  readonly functions: Functions;
  /** Where the HTTP APIs are served, and where their callers get tokens. */
  readonly httpApis: Pick<HttpApis, "apis" | "issuers">;
  /** Where the distributions are served, and the stand-in for YouTube. */
  readonly outside: Pick<Outside, "distributions" | "youtube">;
  /** Resources of the program that do something on AWS and nothing here. */
  readonly notBuilt: readonly string[];
  readonly on: EventEmitter<CloudEvents>["on"];
  /** Which of the program's grants calls have needed until now, where that is noted. */
  neededGrants(): readonly Grant[];
  /** What is under way. All zero means that nothing happens any more until someone calls or a schedule fires. */
  pending(): { deliveries: number; invocations: number; executions: number };
  /** Fires a schedule by its name now, for the scheduled time given. */
  fireSchedule(name: string, scheduledTime: Date): void;
  /** Has the delivery streams write what has come, without waiting until they have more or their time is over. */
  deliverStreams(): Promise<void>;
  /** What a function printed lately. */
  log(functionName: string): string;
  /** Process ids of the living sandboxes. */
  sandboxPids(): number[];
  /** Ends every process, closes the gateway, and removes what was temporary. */
  close(): Promise<void>;
}
