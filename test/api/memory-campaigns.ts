import { createHash } from "node:crypto";
import { callerAssets } from "../../packages/api/src/assets/caller-assets.ts";
import { callerCampaigns } from "../../packages/api/src/campaigns/caller-campaigns.ts";
import type { ExecutionEnd } from "../../packages/api/src/campaigns/wait-for-campaign.ts";
import { permits, waits } from "../../packages/api/src/limits/permits.ts";
import { secondsUntilToken, tokenTimes } from "../../packages/assets/src/limits/rate.ts";
import type { Permit, RateLimits } from "../../packages/assets/src/limits/rate-limits.ts";
import type { Rate } from "../../packages/assets/src/settings.ts";
import type { Campaigns, StoredPointer } from "../../packages/campaign/src/requests/index.ts";
import type {
  CampaignAnswer,
  CampaignId,
  CampaignInput,
  ImageMessage,
  ProductRecord,
} from "../../packages/contracts/src/index.ts";
import { MemoryImages } from "../assets/memory-images.ts";
import { MemoryUploads } from "../assets/memory-uploads.ts";

/** Buckets of tokens in memory. */
class MemoryLimits implements RateLimits {
  readonly full = new Map<string, number>();

  async take(bucket: string, rate: Rate, now: number): Promise<Permit> {
    const times = tokenTimes(rate);
    const full = Math.max(now, this.full.get(bucket) ?? now);
    if (full > now + times.ahead)
      return { ok: false, retryAfterSeconds: secondsUntilToken(full, times, now) };
    this.full.set(bucket, full + times.perToken);
    return { ok: true };
  }
}

/** Records of campaigns in memory, and the pointers of equal requests. What DynamoDB makes of it is tested where its port is. */
class MemoryStored implements Campaigns {
  readonly records = new Map<CampaignId, ProductRecord>();
  readonly pointers = new Map<string, StoredPointer & { until: number }>();
  readonly #now: () => number;
  readonly #onLook: () => void;

  /** @param onLook what happens before somebody looks at a record */
  constructor(now: () => number, onLook: () => void) {
    this.#now = now;
    this.#onLook = onLook;
  }

  async create(record: ProductRecord): Promise<void> {
    this.records.set(record.product_id, record);
  }

  async find(subject: string, id: CampaignId): Promise<ProductRecord | undefined> {
    this.#onLook();
    const record = this.records.get(id);
    return record?.user_id === subject ? record : undefined;
  }

  async stored(subject: string, fingerprint: string): Promise<StoredPointer | undefined> {
    return this.#pointer(subject, fingerprint);
  }

  #pointer(subject: string, fingerprint: string): StoredPointer | undefined {
    const found = this.pointers.get(`${subject}#${fingerprint}`);
    return found === undefined || found.until <= this.#now() ? undefined : found;
  }

  async remember(...[subject, fingerprint, product_id, replaces]: Parameters<Campaigns["remember"]>) {
    const known = this.#pointer(subject, fingerprint);
    if (known !== undefined && known.product_id !== replaces) return false;
    const at = this.#now();
    this.pointers.set(`${subject}#${fingerprint}`, { product_id, at, until: at + 24 * 60 * 60 * 1000 });
    return true;
  }

  async forget(...[subject, fingerprint, product_id]: Parameters<Campaigns["forget"]>) {
    if (this.#pointer(subject, fingerprint)?.product_id === product_id)
      this.pointers.delete(`${subject}#${fingerprint}`);
  }
}

/** What the machine makes of a campaign, and when: milliseconds after it was started. */
interface Course {
  readonly after: number;
  readonly ends: "completed" | "image_unreadable" | "interrupted" | "never";
}

/** The API's campaigns, pictures and uploads over memory, and a machine that does what a test says. */
export class MemoryCampaigns {
  readonly clock: { now: number };
  readonly stored: MemoryStored;
  readonly limits = new MemoryLimits();
  readonly images = new MemoryImages();
  readonly uploads = new MemoryUploads();
  readonly messages: ImageMessage[] = [];
  readonly started: CampaignInput[] = [];
  readonly limited: string[] = [];
  /** How often somebody asked how an execution stands. */
  asked = 0;
  course: Course = { after: 5000, ends: "completed" };
  /** What happens when a message is sent. */
  onSend: () => void = () => {};
  /** What happens when the machine is started. */
  onStart: () => void = () => {};
  rates: Record<"campaign" | "image" | "upload" | "judge", Rate> = {
    campaign: { burst: 5, perHour: 20 },
    image: { burst: 10, perHour: 60 },
    upload: { burst: 20, perHour: 120 },
    judge: { burst: 30, perHour: 600 },
  };
  /** What happens when somebody asks how an execution stands. */
  onAsked: () => void = () => {};
  readonly #begun = new Map<string, Course>();
  #campaigns: { rates: MemoryCampaigns["rates"]; of: ReturnType<typeof callerCampaigns> } | undefined;
  #ids = 0;

  constructor(clock: { now: number }) {
    this.clock = clock;
    this.stored = new MemoryStored(
      () => this.clock.now,
      () => this.#work(),
    );
  }

  get #common() {
    const take = permits({
      limits: this.limits,
      rates: this.rates,
      now: () => this.clock.now,
      onLimited: (kind) => this.limited.push(kind),
    });
    const pixels = { side: [80, 10_000] as [number, number], most: 40_000_000 };
    return {
      take,
      pixels,
      uploads: this.uploads,
      newId: () => uuid(++this.#ids),
      now: () => new Date(this.clock.now),
    };
  }

  get assets() {
    return callerAssets({
      ...this.#common,
      records: this.images,
      send: async (message) => {
        this.onSend();
        this.messages.push(message);
      },
      settings: {
        recordDays: 30,
        lostMinutes: 60,
        uploadSeconds: 900,
        uploadBytes: 15_000_000,
        pixels: this.#common.pixels,
      },
    });
  }

  /** One for all requests, as in a process of the API's, while the rates are the same. */
  get campaigns() {
    if (this.#campaigns?.rates !== this.rates) this.#campaigns = { rates: this.rates, of: this.#opened() };
    return this.#campaigns.of;
  }

  #opened() {
    return callerCampaigns({
      ...this.#common,
      campaigns: this.stored,
      mayWait: waits({ limits: this.limits, rate: this.rates.campaign, now: () => this.clock.now }),
      uploadsBucket: "uploads",
      start: async (name, input) => {
        this.onStart();
        this.started.push(input);
        this.#begun.set(name, { ...this.course, after: this.clock.now + this.course.after });
      },
      execution: async (name) => this.#execution(name),
      sleep: async (milliseconds) => {
        this.clock.now += milliseconds;
        // Others get their turn, as they would while somebody sleeps.
        await new Promise(setImmediate);
      },
      modelId: "fixture",
      waitSeconds: 25,
      storeHours: 24,
    });
  }

  #execution(name: string): ExecutionEnd {
    this.asked += 1;
    this.onAsked();
    const course = this.#begun.get(name);
    if (course === undefined) return "missing";
    const { after, ends } = course;
    if (ends === "never" || this.clock.now < after) return "running";
    return ends === "interrupted" ? "interrupted" : "succeeded";
  }

  #work(): void {
    for (const [id, record] of this.stored.records) {
      const { after, ends } = this.#begun.get(record.correlation_id) ?? { after: Infinity, ends: "never" };
      if (record.status !== "running" || this.clock.now < after) continue;
      if (ends === "completed") this.stored.records.set(id, completed(record, this.clock.now));
      if (ends === "image_unreadable")
        this.stored.records.set(id, { ...record, status: "failed", reason: "image_unreadable" });
    }
  }
}

function uuid(number: number): string {
  const hex = createHash("sha256").update(String(number)).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A record as the machine leaves it. */
export function completed(record: ProductRecord, at: number): ProductRecord {
  const generated_at = new Date(at).toISOString();
  const campaign_data: CampaignAnswer = {
    campaign_id: record.product_id,
    correlation_id: record.correlation_id,
    status: "completed",
    generation_method: "bedrock_agent",
    fallback_reason: null,
    generated_at,
    model: { id: "fixture", offline: true },
    product: {
      product_id: record.product_id,
      product_name: record.product_name,
      product_description: record.product_description,
      category: record.request.category,
      s3_key: record.s3_key,
      labels: [],
      videos: [],
    },
    content_ideas: [],
    campaigns: [],
    generated_assets: { images: [] },
    incomplete: [],
  };
  const { correlation_id } = record;
  const generation_method = "bedrock_agent";
  return {
    ...record,
    status: "completed",
    campaign: { correlation_id, generation_method, generated_at, campaign_data },
  };
}
