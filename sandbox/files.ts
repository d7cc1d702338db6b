import { closeSync, createReadStream, createWriteStream, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { setImmediate } from "node:timers/promises";
import { deliver } from "./delivery";
import {
  aboutOf,
  type HistoryOptions,
  periodOf,
  TruthCollector,
  type TruthCounts,
  tellHistory,
  worldOf,
} from "./simulation";
import { numberLine, Spool } from "./spool";

/** Writes a history's feed and truth to files in flat memory. */

export interface Progress {
  /** `telling` counts orders, `writing` counts deliveries. */
  readonly phase: "telling" | "writing";
  readonly done: number;
}

const STORIES_BETWEEN_PAUSES = 200;

export interface Written {
  readonly counts: TruthCounts;
  readonly faults: number;
}

/**
 * The spool lies beside the feed, because the system's folder for temporary files may be small or in memory.
 * It is removed on every way out; an aborted `signal` is thrown at the next pause.
 */
export async function writeHistory(
  options: HistoryOptions,
  feedPath: string,
  truthPath: string | undefined,
  report: (progress: Progress) => void,
  signal: AbortSignal = new AbortController().signal,
): Promise<Written> {
  const { cutAt } = periodOf(options);
  const world = worldOf(options);
  const collector = new TruthCollector();
  const feedFolder = feedPath === "/dev/null" ? tmpdir() : dirname(resolve(feedPath));
  const folder = mkdtempSync(join(feedFolder, ".sandbox-"));
  const spool = new Spool(join(folder, "slots"));
  const truth = truthPath === undefined ? undefined : new TruthParts(folder);
  let faults = 0;
  try {
    let told = 0;
    let storiesTold = 0;
    for (const { stories } of tellHistory(world, options)) {
      for (const story of stories) {
        if (++storiesTold % STORIES_BETWEEN_PAUSES === 0) await pause(signal);
        spool.add(story, cutAt);
        collector.add(story, cutAt, (part) => {
          faults += part.faults.length;
          truth?.add(part);
        });
        told += story.orders.length;
      }
      report({ phase: "telling", done: told });
    }
    const deliveries = await writeFeed(spool, feedPath, cutAt, report, signal);
    const counts = collector.counts(world, deliveries);
    if (truth !== undefined && truthPath !== undefined) await truth.join(truthPath, aboutOf(options), counts);
    return { counts, faults };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function writeFeed(
  spool: Spool,
  path: string,
  cutAt: number,
  report: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<number> {
  const file = openSync(path, "w");
  let deliveries = 0;
  let lines: string[] = [];
  const flush = () => {
    if (lines.length > 0) writeAll(file, `${lines.join("\n")}\n`);
    lines = [];
    report({ phase: "writing", done: deliveries });
  };
  try {
    for (const { deliverAt, record } of deliver(spool.windows(), numberLine)) {
      if (deliverAt > cutAt) break;
      deliveries += 1;
      if (lines.push(record.json) < 5_000) continue;
      flush();
      await pause(signal);
    }
    flush();
  } finally {
    closeSync(file);
  }
  return deliveries;
}

/** Lets signals in: the work between two pauses is synchronous. */
async function pause(signal: AbortSignal): Promise<void> {
  await setImmediate();
  signal.throwIfAborted();
}

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let offset = 0; offset < bytes.length; ) offset += writeSync(file, bytes, offset);
}

const PARTS = ["roots", "faults", "handoffs", "orders"] as const;

/**
 * The truth's long lists, each in its own file until the end. Every element stands on a line of its own, so a
 * reader may take the joined file line by line where it is too long to parse whole.
 */
class TruthParts {
  private readonly files: Record<
    (typeof PARTS)[number],
    { readonly path: string; readonly file: number; started: boolean }
  >;

  constructor(folder: string) {
    const part = (name: string) => {
      const path = join(folder, name);
      return { path, file: openSync(path, "w"), started: false };
    };
    this.files = {
      roots: part("roots"),
      faults: part("faults"),
      handoffs: part("handoffs"),
      orders: part("orders"),
    };
  }

  add(truth: Readonly<Record<(typeof PARTS)[number], readonly unknown[]>>): void {
    for (const name of PARTS) {
      const part = this.files[name];
      if (truth[name].length === 0) continue;
      const text = truth[name].map((element) => JSON.stringify(element)).join(",\n");
      writeAll(part.file, part.started ? `,\n${text}` : text);
      part.started = true;
    }
  }

  async join(path: string, about: unknown, counts: unknown): Promise<void> {
    const out = createWriteStream(path);
    out.write(`{"about":${JSON.stringify(about)},\n`);
    for (const name of PARTS) {
      const part = this.files[name];
      closeSync(part.file);
      out.write(`"${name}":[\n`);
      await pipeline(createReadStream(part.path), out, { end: false });
      out.write("\n],\n");
    }
    out.write(`"counts":${JSON.stringify(counts)}}\n`);
    await new Promise<void>((done, fail) => {
      out.once("error", fail);
      out.end(done);
    });
  }
}
