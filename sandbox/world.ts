import { DAY, HOUR, MINUTE } from "./calendar";
import { Catalog } from "./catalog";
import { Customers } from "./customers";
import type { InterfaceName, Source } from "./enterprise";
import { FREQUENCIES, Tally } from "./frequencies";
import { NumberRanges } from "./numbers";
import { type Random, stream } from "./random";

interface Span {
  readonly from: number;
  readonly to: number;
}

/** What all stories share: the assortment, the customers, the number ranges, and the bad days of systems and feeds. */
export class World {
  readonly catalog: Catalog;
  readonly customers: Customers;
  readonly numbers: NumberRanges;
  readonly tally: Tally;
  private readonly spans = new Map<string, Span | undefined>();

  constructor(
    readonly seed: string,
    numbersAhead = 0,
    faultScale = 1,
  ) {
    this.tally = new Tally(faultScale);
    this.catalog = new Catalog(seed);
    this.customers = new Customers(seed);
    this.numbers = new NumberRanges(numbersAhead);
  }

  random(...path: readonly (string | number)[]): Random {
    return stream(this.seed, ...path);
  }

  /** End of the feed outage of a source that holds at this time, if one does. */
  feedOutageEnd(source: Source, at: number): number | undefined {
    return this.spanEnd(`outage/${source}`, at, FREQUENCIES.feedOutage.rate, [20 * MINUTE, 2 * HOUR], [0, 24]);
  }

  /** Whether an interface is in an incident at this time, in which most attempts fail. Incidents keep working hours. */
  inIncident(name: InterfaceName, at: number): boolean {
    const end = this.spanEnd(
      `incident/${name}`,
      at,
      FREQUENCIES.apiIncident.rate,
      [10 * MINUTE, 50 * MINUTE],
      [11, 23],
    );
    return end !== undefined;
  }

  private spanEnd(
    subject: string,
    at: number,
    rate: number,
    [shortest, longest]: readonly [number, number],
    [firstHour, lastHour]: readonly [number, number],
  ): number | undefined {
    const today = Math.floor(at / DAY);
    for (const day of [today - 1, today]) {
      const key = `${subject}/${day}`;
      if (!this.spans.has(key)) {
        const random = this.random(key);
        const happens = random.chance(rate);
        const from = day * DAY + random.between(firstHour, lastHour) * HOUR;
        this.spans.set(key, happens ? { from, to: from + random.between(shortest, longest) } : undefined);
      }
      const span = this.spans.get(key);
      if (span !== undefined && at >= span.from && at < span.to) return span.to;
    }
    return undefined;
  }
}
