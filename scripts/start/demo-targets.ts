/** The demo's ERP, OMS and WMS, for replays to reach: they know what the simulation has shipped and posted, and the simulation knows what they posted. */
import { join } from "node:path";
import type { CanonicalEvent, FeedRecord } from "@/sandbox/event";
import { reportToIntake } from "@/sandbox/targets/effect-reporter";
import { startTargets, type Targets } from "@/sandbox/targets/server";

export class DemoTargets {
  private constructor(
    private readonly targets: Targets,
    private readonly intake: { url: () => string | null; token: string },
  ) {}

  static async start(dataDir: string): Promise<DemoTargets> {
    const intake = { url: (): string | null => null, token: "" };
    const report = reportToIntake(() => {
      const url = intake.url();
      return url === null ? null : { url, token: intake.token };
    });
    return new DemoTargets(await startTargets({ ledgerFile: join(dataDir, "targets.ndjson"), report }), intake);
  }

  get url(): string {
    return this.targets.url;
  }

  /** For the worker, and over whatever is set: a demo never sends to a real system. */
  get variables(): Readonly<Record<string, string>> {
    return { ERP_API_URL: this.url, OMS_API_URL: this.url, WMS_API_URL: this.url };
  }

  reportTo(url: () => string | null, token: string): void {
    Object.assign(this.intake, { url, token });
  }

  learn(records: readonly FeedRecord[]): void {
    this.targets.learn(records.map(({ event }) => event));
  }

  /** The simulation resends some failed messages itself. Where a replay was first, its ERP has nothing left to post. */
  withoutWhatIsPosted(records: readonly FeedRecord[]): readonly FeedRecord[] {
    const posted = new Set(this.targets.postings().map(({ subject }) => subject));
    return posted.size === 0 ? records : records.filter(({ event }) => !isPostedOf(event, posted));
  }

  close(): Promise<void> {
    return this.targets.close();
  }
}

function isPostedOf({ type, data }: CanonicalEvent, posted: ReadonlySet<string>): boolean {
  if (type !== "goods_issue.posted") return false;
  const shipments = data.objects.filter((object) => object.type === "shipment");
  return shipments.length > 0 && shipments.every(({ id }) => posted.has(id.trim()));
}
