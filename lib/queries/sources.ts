/** Sources: how far each reaches, how far it lags, and which sequence numbers are missing. Tables source_progress, events, registered_sources. */
import { OWN_SOURCE, type SystemKind, type SystemRegistry, systemKind, systemName } from "@/lib/domain/system";
import type { FactReader } from "./fact-reader";

/** Gaps are looked for among what reached us in this time. */
export const GAP_WINDOW_HOURS = 24;
/** A source's answer names at most this many gaps; `missing` counts all. */
export const GAPS_SHOWN_MAX = 20;
// Sequences that are no whole number, 0, or above 2^53 (nobody counts so far) are left out.
const SEQUENCE_MAX = "9007199254740992";

export interface SequenceGap {
  /** First and last sequence number that is missing. */
  readonly from: string;
  readonly to: string;
}

export interface SourceState {
  readonly source: string;
  readonly name: string;
  readonly kind: SystemKind;
  /** The time of its latest event: up to then we believe we have everything. Null when it never reported. */
  readonly completeThrough: string | null;
  /** When its latest event reached us. */
  readonly lastReceivedAt: string | null;
  /** Seconds from `completeThrough` to now; never negative, though a source's clock may run ahead. */
  readonly lagSeconds: number | null;
  readonly gaps: {
    /** How many sequence numbers are missing between the smallest and the largest; 0 for sources that send none. */
    readonly missing: number;
    readonly ranges: readonly SequenceGap[];
  };
}

/** Every source that ever reported or was declared by exact name, by name. What people do here is no source that could lag. */
export async function listSources(reader: FactReader, systems: SystemRegistry, now: Date): Promise<SourceState[]> {
  const since = new Date(now.getTime() - GAP_WINDOW_HOURS * 3_600_000).toISOString();
  const [progress, missing] = await Promise.all([
    reader.query<{ source: string; last_occurred_at: string; last_received_at: string }>(
      `SELECT source, max(last_occurred_at) AS last_occurred_at, max(last_received_at) AS last_received_at
       FROM source_progress WHERE source != {own:String} GROUP BY source`,
      { own: OWN_SOURCE },
    ),
    readMissing(reader, since),
  ]);
  const ranges = await readRanges(reader, [...missing.keys()], since);
  const progressOf = new Map(progress.map((row) => [row.source, row]));
  const sources = new Set([...progressOf.keys(), ...systems.exact.keys()]);
  return [...sources].sort().map((source) => {
    const reached = progressOf.get(source);
    return {
      source,
      name: systemName(systems, source),
      kind: systemKind(systems, source),
      completeThrough: reached?.last_occurred_at ?? null,
      lastReceivedAt: reached?.last_received_at ?? null,
      lagSeconds: reached ? secondsBetween(reached.last_occurred_at, now) : null,
      gaps: { missing: missing.get(source) ?? 0, ranges: ranges.get(source) ?? [] },
    };
  });
}

export interface SourceRegister extends FactReader {
  insert(table: string, rows: readonly object[]): Promise<void>;
}

/**
 * Lets a source report though nobody declared it in config/systems.yaml: an administrator made a token for it, or imported its files. Doing it again
 * changes nothing. `by` says whose act it was.
 */
export async function registerSource(store: SourceRegister, source: string, by: string, at: Date): Promise<void> {
  const [known] = await store.query("SELECT source FROM registered_sources WHERE source = {source:String} LIMIT 1", {
    source,
  });
  if (known) return;
  await store.insert("registered_sources", [{ source, registered_at: at.toISOString(), registered_by: by }]);
}

const secondsBetween = (from: string, to: Date): number =>
  Math.max(0, Math.floor((to.getTime() - Date.parse(from)) / 1000));

const NUMBERED = `
  FROM events
  WHERE received_at >= parseDateTime64BestEffort({since:String}, 3, 'UTC')
    AND toUInt64OrZero(sequence) BETWEEN 1 AND ${SEQUENCE_MAX}`;

/** Sources with missing numbers only. */
async function readMissing(reader: FactReader, since: string): Promise<Map<string, number>> {
  const rows = await reader.query<{ source: string; missing: string | number }>(
    `SELECT source, max(toUInt64OrZero(sequence)) - min(toUInt64OrZero(sequence)) + 1 - uniqExact(toUInt64OrZero(sequence)) AS missing
     ${NUMBERED} GROUP BY source HAVING missing > 0`,
    { since },
  );
  return new Map(rows.map((row) => [row.source, Number(row.missing)]));
}

/** The latest gaps of each source, the latest first. */
async function readRanges(
  reader: FactReader,
  sources: readonly string[],
  since: string,
): Promise<Map<string, SequenceGap[]>> {
  const ranges = new Map<string, SequenceGap[]>();
  if (sources.length === 0) return ranges;
  const rows = await reader.query<{ source: string; gap_from: string; gap_to: string }>(
    `SELECT source, toString(previous + 1) AS gap_from, toString(number - 1) AS gap_to
     FROM (
       SELECT source, number, lagInFrame(number, 1, number) OVER (
         PARTITION BY source ORDER BY number ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS previous
       FROM (SELECT DISTINCT source, toUInt64OrZero(sequence) AS number ${NUMBERED} AND source IN {sources:Array(String)})
     )
     WHERE number > previous + 1
     ORDER BY source, number DESC LIMIT {shown:UInt16} BY source`,
    { since, sources, shown: GAPS_SHOWN_MAX },
  );
  for (const row of rows) {
    const known = ranges.get(row.source) ?? [];
    ranges.set(row.source, [...known, { from: row.gap_from, to: row.gap_to }]);
  }
  return ranges;
}
