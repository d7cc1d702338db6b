import { MINUTE, nextWave } from "./calendar";
import { CURRENCY } from "./enterprise";
import { money } from "./event";
import { orderRef } from "./intake";
import { centsOf, eventLines, type Order, type OrderLine, unitsOf } from "./order";
import type { Leg } from "./planning";
import type { Story } from "./story";

/** What the picker finds differs from what was asked: too little of it, or another product in its place. */

/** The lines of each order as they stand; a shortage takes from them. */
export type CurrentLines = Map<string, readonly OrderLine[]>;

/** What a warehouse could not find, and the OMS then takes off the order. */
export interface Shortage {
  readonly order: Order;
  readonly line: OrderLine;
  readonly lacking: number;
  readonly changedAt: number;
}

/** The lines that can really be shipped for a leg. */
export function adjustLines(story: Story, leg: Leg, acceptedAt: number, shortages: Shortage[]): readonly OrderLine[] {
  const random = story.random("shortfall", leg.fulfillment);
  const foundAt = nextWave(acceptedAt + 10 * MINUTE, leg.warehouse.utcOffsetHours) + random.between(6, 30) * MINUTE;
  let lines = leg.lines;
  if (unitsOf(lines) >= 2 && story.world.tally.draw("shortage", random))
    lines = shorten(story, leg, lines, foundAt, shortages);
  if (story.world.tally.draw("substitution", random)) lines = substitute(story, leg, lines, foundAt + MINUTE);
  return lines;
}

function shorten(
  story: Story,
  leg: Leg,
  lines: readonly OrderLine[],
  at: number,
  shortages: Shortage[],
): readonly OrderLine[] {
  const random = story.random("shortage", leg.fulfillment);
  const candidates = lines.length > 1 ? lines : lines.filter((line) => line.quantity > 1);
  const short = random.pick(candidates);
  const found = Math.min(short.quantity - 1, Math.floor(short.quantity * random.between(0.3, 0.9)));
  // Something must be left to ship: a lone line is never short of everything.
  const left = lines.length > 1 ? (random.chance(0.5) ? 0 : found) : Math.max(1, found);
  const lacking = short.quantity - left;
  const { location, source } = leg.warehouse;
  story.emit(source, "shortage.reported", at, {
    objects: [
      { type: "fulfillment", id: leg.fulfillment, qualifier: "subject" },
      { type: "sku", id: short.product.sku },
      { type: "location", id: location },
    ],
    lines: [{ sku: short.product.sku, location, quantity: String(lacking), uom: "EA" }],
    attributes: {
      reason: random.pick(["bin empty", "damaged stock", "expired"]),
      requested: String(short.quantity),
      found: String(left),
    },
  });
  const take = (line: OrderLine): OrderLine[] =>
    line.item !== short.item ? [line] : line.quantity > lacking ? [{ ...line, quantity: line.quantity - lacking }] : [];
  shortages.push({ order: leg.order, line: short, lacking, changedAt: at + random.between(1, 9) * MINUTE });
  story.shape(leg.order.id, "shortage");
  return lines.flatMap(take);
}

/**
 * The OMS tells of each shortage as it hears of it: the order's lines as they then stand, all of them, so that what is gone stands there with
 * quantity zero.
 */
export function tellShortages(story: Story, shortages: readonly Shortage[], current: CurrentLines): void {
  for (const { order, line, lacking, changedAt } of [...shortages].sort((a, b) => a.changedAt - b.changedAt)) {
    const rest = (current.get(order.id) ?? []).map((each) =>
      each.item === line.item ? { ...each, quantity: each.quantity - lacking } : each,
    );
    current.set(order.id, rest);
    const record = story.emit("oms", "order.changed", changedAt, {
      objects: [orderRef(order), { type: "order_item", id: `${order.id}/${line.item}` }],
      lines: eventLines(rest),
      amount: money(centsOf(rest)),
      currency: CURRENCY,
      attributes: { reason: "short in the warehouse, rest cancelled" },
    });
    story.book(order.id, "cancelled", lacking, lacking * line.priceCents, record);
  }
}

/** Another variant ships at the price that was ordered; the ERP and the invoice then speak of what was shipped. */
function substitute(story: Story, leg: Leg, lines: readonly OrderLine[], at: number): readonly OrderLine[] {
  const line = story.random("substitution", leg.fulfillment).pick(lines);
  const product = story.world.catalog.get(line.product.substitute);
  const { location, source } = leg.warehouse;
  story.emit(source, "substitution.made", at, {
    objects: [
      { type: "fulfillment", id: leg.fulfillment, qualifier: "subject" },
      { type: "sku", id: line.product.sku, qualifier: "ordered" },
      { type: "sku", id: product.sku, qualifier: "shipped" },
    ],
    lines: [{ sku: product.sku, location, quantity: String(line.quantity), uom: "EA" }],
    attributes: { replaces: line.product.sku, approvedBy: "customer preference" },
  });
  story.shape(leg.order.id, "substitution");
  return lines.map((each) => (each === line ? { ...each, product } : each));
}
