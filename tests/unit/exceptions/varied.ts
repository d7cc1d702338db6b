/** What differs from case to case in the messages of one cause, drawn by a seed. */
export interface Varied {
  readonly order: string;
  readonly delivery: string;
  readonly shipment: string;
  readonly sku: string;
  readonly customer: string;
  readonly location: string;
  readonly plant: string;
  readonly quantity: string;
  readonly amount: string;
  readonly number: string;
  readonly uuid: string;
  readonly hex: string;
  readonly time: string;
  readonly date: string;
  readonly host: string;
  readonly ip: string;
  readonly user: string;
  readonly url: string;
  readonly seconds: string;
  pick(...of: string[]): string;
}

export interface Failing {
  readonly code: string;
  readonly message: string;
}
/** One cause: its message with whatever varies. */
export type Cause = (varied: Varied) => Failing;

/** mulberry32 */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ";
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export function vary(random: () => number): Varied {
  const pick = (...of: string[]): string => of[Math.floor(random() * of.length)] ?? "";
  const digits = (count: number): string => Array.from({ length: count }, () => Math.floor(random() * 10)).join("");
  const natural = (max: number): string => String(1 + Math.floor(random() * max));
  const letters = (count: number): string =>
    Array.from({ length: count }, () => LETTERS[Math.floor(random() * LETTERS.length)]).join("");
  const hex = (count: number): string =>
    Array.from({ length: count }, () => Math.floor(random() * 16).toString(16)).join("");
  const at = new Date(
    Date.UTC(
      2026,
      Math.floor(random() * 12),
      1 + Math.floor(random() * 28),
      0,
      0,
      0,
      Math.floor(random() * 86_400_000),
    ),
  );
  const iso = at.toISOString();
  const host = `${pick("erp", "app", "node", "wms", "db")}${natural(40)}.${pick("prod", "eu-1", "internal")}.example.com`;
  return {
    order: pick(`SO-${digits(6)}`, `${digits(10)}`, `#${digits(5)}`, `WEB${digits(8)}`),
    delivery: `008${digits(7)}`,
    shipment: pick(
      `SH-${letters(3)}-${digits(4)}`,
      `SHIP${digits(6)}-${natural(3)}`,
      `1Z${hex(6).toUpperCase()}${digits(10)}`,
    ),
    sku: pick(`${letters(3)}-${digits(4)}`, `${letters(2)}${digits(5)}-${letters(1)}`, `${digits(13)}`),
    customer: pick(`C-${digits(5)}`, `CUST${digits(6)}`),
    location: pick(`A-${natural(40)}-${natural(9)}`, `BIN${digits(4)}`),
    plant: `${pick("1", "2", "3")}${digits(3)}`,
    quantity: pick(natural(500), `${natural(99)}.${digits(3)}`, `${natural(9)},${digits(3)}`),
    amount: pick(`${natural(9999)}.${digits(2)}`, `${natural(9)},${digits(3)}.${digits(2)}`),
    number: natural(100_000),
    uuid: `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
    hex: hex(16),
    time: pick(iso, iso.replace("T", " ").slice(0, 19), iso.replace("Z", "+00:00"), at.toUTCString()),
    date: pick(
      iso.slice(0, 10),
      `${at.getUTCDate()}.${at.getUTCMonth() + 1}.${at.getUTCFullYear()}`,
      `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`,
    ),
    host,
    ip: `10.${natural(200)}.${natural(200)}.${natural(200)}:${1000 + Number(natural(60_000))}`,
    user: pick("JMILLER", "RFC_WMS", "anna.schmidt", "batch07", `U${digits(5)}`),
    url: `https://${host}/v${natural(3)}/orders/${digits(8)}?page=${natural(9)}`,
    seconds: natural(120),
    pick,
  };
}
