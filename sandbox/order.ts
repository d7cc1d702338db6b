import { addBusinessDays, HOUR, isWeekend, localDayStart, localHour } from "./calendar";
import type { Product } from "./catalog";
import type { Address, Customer } from "./customers";
import type { Arrival, ArrivalWindow, Channel } from "./demand";
import { type BillingCurrency, CURRENCY, WAREHOUSES, type Warehouse } from "./enterprise";
import { type Line, money } from "./event";
import type { World } from "./world";

export type ServiceLevel = "standard" | "expedited" | "next-day";

/** Business days from the warehouse to the customer that each level promises. */
export const TRANSIT_DAYS: Readonly<Record<ServiceLevel, number>> = { standard: 5, expedited: 2, "next-day": 1 };

const SITES_ABROAD: readonly Pick<Order, "billedIn" | "shipTo">[] = [
  {
    billedIn: "CAD",
    shipTo: {
      name: "Maple Ridge Supply",
      street: "88 Carlingview Dr",
      city: "Toronto",
      state: "ON",
      postalCode: "M9W 5E4",
      country: "CA",
    },
  },
  {
    billedIn: "CAD",
    shipTo: {
      name: "Fraser Valley Builders",
      street: "1410 Derwent Way",
      city: "Delta",
      state: "BC",
      postalCode: "V3M 6H9",
      country: "CA",
    },
  },
  {
    billedIn: "EUR",
    shipTo: {
      name: "Hanse Facility GmbH",
      street: "Am Sandtorkai 50",
      city: "Hamburg",
      state: "HH",
      postalCode: "20457",
      country: "DE",
    },
  },
];

/** Orders placed after this local hour start on the next working day. */
const CUT_OFF_HOUR = 14;

export interface OrderLine {
  /** Item number as the OMS counts: 10, 20, 30. */
  readonly item: number;
  readonly product: Product;
  readonly quantity: number;
  readonly priceCents: number;
}

export interface Order {
  readonly id: string;
  readonly index: number;
  readonly placedAt: number;
  readonly channel: Channel;
  readonly marketplaceId?: string;
  /** As the ERP writes it, with leading zeros. */
  readonly erpOrder: string;
  readonly customer: Customer;
  readonly service: ServiceLevel;
  readonly home: Warehouse;
  readonly promisedAt: number;
  readonly lines: readonly OrderLine[];
  /** What the customer is billed in. Price lists, and so all figures of order and shipment, are in dollars. */
  readonly billedIn: BillingCurrency;
  readonly shipTo: Address;
}

/** Orders that share a story: alone, or because they leave in one shipment or are billed together. */
export interface OrderGroup {
  readonly orders: readonly Order[];
  readonly kind: "single" | "consolidated" | "collective";
}

/** Decides which orders of a window belong together and drafts them all. The partners of an order take its customer. */
export function groupOrders(world: World, window: ArrivalWindow): OrderGroup[] {
  const groups: OrderGroup[] = [];
  const taken = new Set<number>();
  const { arrivals } = window;
  arrivals.forEach((arrival, i) => {
    if (taken.has(i)) return;
    const random = world.random("order", arrival.index, "group");
    const following = followers(arrivals, i, taken);
    let kind: OrderGroup["kind"] = "single";
    let partners: number[] = [];
    if (following.length > 0) {
      const collective = arrival.channel === "field-sales" && world.tally.draw("collectiveInvoice", random);
      if (collective) {
        kind = "collective";
        partners = following.slice(0, random.int(1, 4));
      } else if (world.tally.draw("consolidatedShipment", random)) {
        kind = "consolidated";
        partners = following.slice(0, random.chance(0.75) ? 1 : 2);
      }
    }
    const first = draftOrder(world, arrival);
    const others = partners.flatMap((partner) => {
      taken.add(partner);
      const theirs = arrivals[partner];
      return theirs === undefined ? [] : [draftOrder(world, theirs, first)];
    });
    groups.push({ orders: [first, ...others], kind });
  });
  return groups;
}

/** Later arrivals of the same channel within six hours, nearest first: a customer who remembers something. */
function followers(arrivals: readonly Arrival[], i: number, taken: ReadonlySet<number>): number[] {
  const first = arrivals[i];
  const found: number[] = [];
  if (first === undefined) return found;
  for (let j = i + 1; j < arrivals.length && found.length < 4; j++) {
    const next = arrivals[j];
    if (next === undefined || next.placedAt - first.placedAt > 6 * HOUR) break;
    if (next.channel === first.channel && !taken.has(j)) found.push(j);
  }
  return found;
}

function draftOrder(world: World, arrival: Arrival, partner?: Order): Order {
  const random = world.random("order", arrival.index, "draft");
  const business = arrival.channel === "field-sales";
  const customer = business ? world.customers.drawBusiness(random) : world.customers.drawConsumer(random);
  const service = random.unit();
  const drafted = service < 0.72 ? "standard" : service < 0.93 ? "expedited" : "next-day";
  const owner = partner?.customer ?? customer;
  const level = partner?.service ?? (business && drafted === "next-day" ? "expedited" : drafted);
  const home = WAREHOUSES[owner.home];
  const site = partner === undefined ? siteAbroad(world, arrival) : partner;
  return {
    id: world.numbers.order(arrival.index),
    index: arrival.index,
    placedAt: arrival.placedAt,
    channel: arrival.channel,
    ...(arrival.channel === "marketplace" ? { marketplaceId: world.numbers.marketplaceOrder() } : {}),
    erpOrder: world.numbers.erpOrder(),
    customer: owner,
    service: level,
    home,
    promisedAt: promiseFor(arrival.placedAt, level, home),
    lines: draftLines(world, arrival.index, business),
    billedIn: site?.billedIn ?? "USD",
    shipTo: site?.shipTo ?? owner.address,
  };
}

/** Some business orders are for a site abroad, which is billed in its own money. */
function siteAbroad(world: World, arrival: Arrival): Pick<Order, "billedIn" | "shipTo"> | undefined {
  const random = world.random("order", arrival.index, "site");
  if (arrival.channel !== "field-sales" || !world.tally.draw("exportOrder", random)) return undefined;
  return random.pick(SITES_ABROAD);
}

function draftLines(world: World, index: number, business: boolean): OrderLine[] {
  const random = world.random("order", index, "lines");
  const wanted = business ? 1 + Math.floor(random.exponential(4)) : 1 + Math.floor(random.exponential(0.9));
  const count = Math.min(wanted, business ? 18 : 6);
  const products = new Map<string, Product>();
  for (let tries = 0; products.size < count && tries < 60; tries++) {
    const product = world.catalog.draw(random);
    products.set(product.sku, product);
  }
  return [...products.values()].map((product, i) => ({
    item: (i + 1) * 10,
    product,
    quantity: draftQuantity(random.unit(), random.lognormal(9, 0.9), product, business),
    priceCents: business ? Math.round(product.priceCents * 0.82) : product.priceCents,
  }));
}

/** Consumers buy one or a few; businesses buy by the dozen, but nobody buys two hundred desks. */
function draftQuantity(unit: number, bulk: number, product: Product, business: boolean): number {
  if (!business) return unit < 0.74 ? 1 : unit < 0.9 ? 2 : unit < 0.96 ? 3 : 4;
  const dear = product.priceCents > 8_000;
  return Math.max(1, Math.min(dear ? 8 : 240, Math.round(dear ? bulk / 4 : bulk)));
}

/** The promise: the working day after the cut-off plus the level's transit days, by 20:00 at the warehouse's clock. */
function promiseFor(placedAt: number, service: ServiceLevel, home: Warehouse): number {
  const offset = home.utcOffsetHours;
  const today = localDayStart(placedAt, offset);
  const inTime = localHour(placedAt, offset) < CUT_OFF_HOUR && !isWeekend(placedAt, offset);
  const start = inTime ? today : addBusinessDays(today, 1, offset);
  return addBusinessDays(start, TRANSIT_DAYS[service], offset) + 20 * HOUR;
}

export function unitsOf(lines: readonly { readonly quantity: number }[]): number {
  return lines.reduce((sum, line) => sum + line.quantity, 0);
}

export function centsOf(lines: readonly { readonly quantity: number; readonly priceCents: number }[]): number {
  return lines.reduce((sum, line) => sum + line.quantity * line.priceCents, 0);
}

/** Lines as an event carries them. Without a location, the direction is left out too. */
export function eventLines(
  lines: readonly { readonly product: Product; readonly quantity: number; readonly priceCents: number }[],
  place?: { readonly location: string; readonly direction: "in" | "out" },
): Line[] {
  return lines.map((line) => ({
    sku: line.product.sku,
    ...(place === undefined ? {} : { location: place.location }),
    quantity: String(line.quantity),
    uom: "EA",
    amount: money(line.quantity * line.priceCents),
    currency: CURRENCY,
    ...(place === undefined ? {} : { direction: place.direction }),
  }));
}
