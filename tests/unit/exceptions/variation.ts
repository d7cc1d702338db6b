/** What differs from case to case in messages of one cause, drawn from a seed. */

/** A small generator of numbers (mulberry32): the same seed gives the same cases. */
export function drawFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const NAMES = [
  "MUELLER",
  "j.smith",
  "RFC_WMS",
  "BATCH01",
  "k.o'neil",
  "svc-orders",
  "ANNA.BERG",
  "WF-BATCH",
  "DDIC",
  "schmidt",
];
const COMPANIES = [
  "Nordwind GmbH",
  "Acme Trading & Sons",
  "Łódź Logistyka",
  "O'Brien Supplies",
  "東京商事",
  "Müller AG",
  "Globex",
];

export interface Variation {
  readonly int: (low: number, high: number) => number;
  readonly pick: <T>(choices: readonly T[]) => T;
  readonly digits: (count: number) => string;
  readonly letters: (count: number) => string;
  readonly hex: (count: number) => string;
  readonly uuid: () => string;
  readonly order: () => string;
  readonly shipment: () => string;
  readonly sku: () => string;
  readonly plant: () => string;
  readonly user: () => string;
  readonly company: () => string;
  /** A time, in one of the forms that systems write. */
  readonly time: () => string;
  readonly date: () => string;
  readonly quantity: () => string;
  readonly money: () => string;
  readonly ip: () => string;
  readonly host: () => string;
}

export function vary(random: () => number): Variation {
  const int = (low: number, high: number) => low + Math.floor(random() * (high - low + 1));
  const pick = <T>(choices: readonly T[]): T => {
    const chosen = choices[int(0, choices.length - 1)];
    if (chosen === undefined) throw new Error("nothing to pick from");
    return chosen;
  };
  const repeat = (count: number, alphabet: string) => Array.from({ length: count }, () => pick([...alphabet])).join("");
  const digits = (count: number) => repeat(count, "0123456789");
  const letters = (count: number) => repeat(count, LETTERS);
  const hex = (count: number) => repeat(count, "0123456789abcdef");
  const moment = () =>
    new Date(Date.UTC(2026, int(0, 11), int(1, 28), int(0, 23), int(0, 59), int(0, 59), int(0, 999)));
  const two = (value: number) => String(value).padStart(2, "0");
  const grouped = (whole: number, by: string) => String(whole).replace(/\B(?=(\d{3})+$)/g, by);
  const date = () => {
    const day = moment();
    const [year, month, of] = [day.getUTCFullYear(), two(day.getUTCMonth() + 1), two(day.getUTCDate())];
    return pick([
      `${year}-${month}-${of}`,
      `${of}.${month}.${year}`,
      `${month}/${of}/${year}`,
      `${of}-${MONTHS[day.getUTCMonth()]}-${year}`,
    ]);
  };
  const time = () => {
    const at = moment();
    const iso = at.toISOString();
    const clock = iso.slice(11, 19);
    const month = MONTHS[at.getUTCMonth()];
    return pick([
      iso,
      iso.replace("Z", "+01:00"),
      `${iso.slice(0, 10)} ${clock},${iso.slice(20, 23)}`,
      `${DAYS[at.getUTCDay()]}, ${two(at.getUTCDate())} ${month} ${at.getUTCFullYear()} ${clock} GMT`,
      `${two(at.getUTCDate())}.${two(at.getUTCMonth() + 1)}.${at.getUTCFullYear()} ${clock}`,
      `${month} ${at.getUTCDate()}, ${at.getUTCFullYear()} ${clock}`,
      `${two(at.getUTCMonth() + 1)}/${two(at.getUTCDate())}/${at.getUTCFullYear()} ${int(1, 12)}:${two(at.getUTCMinutes())} ${pick(["AM", "PM"])}`,
      String(at.getTime()),
    ]);
  };
  return {
    int,
    pick,
    digits,
    letters,
    hex,
    uuid: () => [8, 4, 4, 4, 12].map(hex).join("-"),
    order: () =>
      pick([`SO-${int(1000, 99999)}`, `00${digits(8)}`, `4500${digits(6)}`, `#${int(1000, 9999)}`, `WEB${digits(7)}`]),
    shipment: () =>
      pick([
        `SH-${int(1000, 99999)}`,
        `0080${digits(6)}`,
        `gi-SH-${int(1, 9999)}`,
        `DLV/${int(2020, 2026)}/${digits(5)}`,
      ]),
    sku: () =>
      pick([
        `HXB-M${int(2, 12)}-${letters(2)}`,
        `${letters(3)}-${letters(3)}`,
        `${digits(6)}`,
        `MAT_${digits(4)}`,
        `${letters(2)}${digits(3)}.${digits(2)}`,
      ]),
    plant: () => pick([digits(4), `US${two(int(1, 99))}`, `DE${two(int(1, 99))}`, `W${int(1, 9)}`]),
    user: () => pick(NAMES),
    company: () => pick(COMPANIES),
    time,
    date,
    quantity: () => {
      const whole = int(1, 20000);
      return pick([
        String(whole),
        grouped(whole, ","),
        grouped(whole, "."),
        `${whole}.${digits(3)}`,
        `${grouped(whole, ".")},${digits(3)}`,
      ]);
    },
    money: () => {
      const whole = int(1, 2_000_000);
      const currency = pick(["USD", "EUR", "GBP"]);
      return pick([
        `${currency} ${grouped(whole, ",")}.${digits(2)}`,
        `${grouped(whole, ".")},${digits(2)} ${currency}`,
        `$${whole}.${digits(2)}`,
        `€ ${whole}`,
      ]);
    },
    ip: () => `${int(10, 250)}.${int(0, 255)}.${int(0, 255)}.${int(1, 254)}${pick(["", `:${int(1024, 65000)}`])}`,
    host: () => `${pick(["erp", "wms", "oms-prod"])}-${two(int(1, 40))}.${pick(["corp", "dc1", "eu"])}.example.com`,
  };
}

/** One cause, and how its cases look. The identifiers are those that the failed event would name. */
export interface PlantedCause {
  readonly name: string;
  readonly interface: string;
  readonly code: string;
  readonly message: (draw: Variation, order: string, shipment: string) => string;
}
