/**
 * The judge: what arrived at the targets, and what they did about it, in order. Kept in a file that is only ever added to, written before anything is
 * answered, so that it says the same after the targets were killed and started again.
 */
import { appendFileSync, existsSync, readFileSync, truncateSync } from "node:fs";
import type { CanonicalEvent } from "../event";
import type { FaultKind } from "./fault";

interface Numbered {
  /** Over all endpoints, from 1. */
  readonly no: number;
  /** RFC 3339. */
  readonly at: string;
}

export interface Arrival extends Numbered {
  readonly entry: "arrival";
  readonly endpoint: string;
  readonly key: string;
  readonly subject: string;
  readonly fault: FaultKind | null;
}

export interface Posting extends Numbered {
  readonly entry: "posting";
  readonly endpoint: string;
  readonly key: string;
  readonly subject: string;
  /** The number that the target gave. */
  readonly document: string;
  /** SHA-256 of the request's body, hex. */
  readonly bodyHash: string;
  /** What the target reports of it. */
  readonly effect: CanonicalEvent;
}

/** The effect has been taken by whom it is reported to. */
export interface Reported extends Numbered {
  readonly entry: "reported";
  readonly document: string;
}

export type LedgerEntry = Arrival | Posting | Reported;
type Unnumbered<Entry> = Entry extends Numbered ? Omit<Entry, keyof Numbered> : never;

export interface LedgerFilter {
  readonly entry?: string;
  readonly endpoint?: string;
  readonly key?: string;
  readonly subject?: string;
}

export class Ledger {
  readonly entries: LedgerEntry[] = [];
  private readonly byKey = new Map<string, Posting>();
  private readonly bySubject = new Map<string, Posting[]>();
  private readonly unreported = new Map<string, Posting>();

  /** Without a file it lives as long as the process. */
  constructor(private readonly file?: string) {
    if (file === undefined || !existsSync(file)) return;
    const text = readFileSync(file, "utf8");
    const whole = text.lastIndexOf("\n") + 1;
    // A killed writer may leave half a line; it was not answered, so it did not happen.
    if (whole < text.length) truncateSync(file, Buffer.byteLength(text.slice(0, whole)));
    for (const line of text.slice(0, whole).split("\n")) if (line !== "") this.index(JSON.parse(line) as LedgerEntry);
  }

  add(entry: Unnumbered<LedgerEntry>): LedgerEntry {
    const numbered = { no: this.entries.length + 1, at: new Date().toISOString(), ...entry } as LedgerEntry;
    if (this.file !== undefined) appendFileSync(this.file, `${JSON.stringify(numbered)}\n`);
    this.index(numbered);
    return numbered;
  }

  find(filter: LedgerFilter): LedgerEntry[] {
    const wanted = Object.entries(filter).filter(([, value]) => value !== undefined);
    return this.entries.filter((entry) =>
      wanted.every(([name, value]) => (entry as unknown as Record<string, unknown>)[name] === value),
    );
  }

  get postings(): readonly Posting[] {
    return this.entries.filter((entry) => entry.entry === "posting");
  }

  postedUnder(endpoint: string, key: string): Posting | undefined {
    return key === "" ? undefined : this.byKey.get(`${endpoint} ${key}`);
  }

  postedFor(endpoint: string, subject: string): readonly Posting[] {
    return this.bySubject.get(`${endpoint} ${subject}`) ?? [];
  }

  /** Postings whose effect nobody has taken yet, oldest first. */
  get toReport(): readonly Posting[] {
    return [...this.unreported.values()];
  }

  private index(entry: LedgerEntry): void {
    this.entries.push(entry);
    if (entry.entry === "reported") this.unreported.delete(entry.document);
    if (entry.entry !== "posting") return;
    const key = `${entry.endpoint} ${entry.key}`;
    if (!this.byKey.has(key)) this.byKey.set(key, entry);
    const subject = `${entry.endpoint} ${entry.subject}`;
    this.bySubject.set(subject, [...(this.bySubject.get(subject) ?? []), entry]);
    this.unreported.set(entry.document, entry);
  }
}
