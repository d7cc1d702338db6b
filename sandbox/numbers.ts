import type { Source, Warehouse } from "./enterprise";
import { scramble } from "./random";

/**
 * Number ranges: each system counts its own documents, as real ones do. The three warehouses start their task numbers
 * at the same value, so the bare numbers collide on purpose.
 */
export class NumberRanges {
  private readonly counts = new Map<string, number>();

  /** `ahead` moves every range up, so that traffic without its history does not reuse the history's numbers. */
  constructor(private readonly ahead = 0) {}

  /** Orders are numbered as they arrive, whatever story they then belong to. */
  order(index: number): string {
    return `SO-${104_233 + index}`;
  }

  /** Shaped like Amazon's: 113-6230051-5573004. The last part steps through a prime's residues, so it is unique alone. */
  marketplaceOrder(): string {
    const n = this.next("marketplace");
    const middle = String(scramble(n + 77) % 10_000_000).padStart(7, "0");
    const last = String((n * 7_654_321 + 3_141_593) % 9_999_991).padStart(7, "0");
    return `11${1 + (n % 4)}-${middle}-${last}`;
  }

  /** With SAP's leading zeros, as only the ERP writes it. */
  erpOrder(): string {
    return String(80_001_234 + this.next("erpOrder")).padStart(10, "0");
  }

  fulfillment(): string {
    return `FO-${310_442 + this.next("fulfillment")}`;
  }

  shipment(): string {
    return `SH-${2_104_501 + this.next("shipment")}`;
  }

  package(): string {
    return `PK-${7_300_118 + this.next("package")}`;
  }

  task(warehouse: Source): string {
    return String(4_711 + this.next(`task ${warehouse}`));
  }

  /** Goods issues, as SAP's 49… material documents. */
  goodsIssue(): string {
    return String(4_900_018_201 + this.next("goodsIssue"));
  }

  /** Goods receipts, as SAP's 50… material documents. */
  goodsReceipt(): string {
    return String(5_000_004_118 + this.next("goodsReceipt"));
  }

  invoice(): string {
    return `INV${90_041_007 + this.next("invoice")}`;
  }

  journalEntry(): string {
    return String(100_073_455 + this.next("journal")).padStart(10, "0");
  }

  payment(): string {
    return String(140_020_311 + this.next("payment")).padStart(10, "0");
  }

  creditMemo(): string {
    return String(60_003_090 + this.next("creditMemo")).padStart(10, "0");
  }

  return(): string {
    return `RMA-${20_417 + this.next("return")}`;
  }

  purchaseOrder(): string {
    return String(4_500_017_800 + this.next("purchaseOrder"));
  }

  asn(): string {
    return `ASN-${55_201 + this.next("asn")}`;
  }

  ups(warehouse: Warehouse, serviceCode: string): string {
    const body = `${warehouse.upsAccount}${serviceCode}${String(this.next("ups") + 1_000_204).padStart(7, "0")}`;
    return `1Z${body}${upsCheckDigit(body)}`;
  }

  dhl(): string {
    return `JD0146${String(7_100_402_118_00 + this.next("dhl") * 7).padStart(14, "0")}`;
  }

  /** An event id in the style of its source; unique within the source only. */
  event(source: Source): string {
    const n = this.next(`event ${source}`) + 1;
    switch (source) {
      case "gateway":
      case "middleware":
        return `${scramble(n).toString(16).padStart(8, "0")}-${(n >>> 8).toString(16).padStart(4, "0")}`;
      case "oms":
        return `evt_${scramble(n).toString(36).padStart(7, "0")}`;
      case "marketplace":
        return `mkt-${scramble(n).toString(16).padStart(8, "0")}`;
      case "erp":
        return String(31_004_577 + n).padStart(16, "0");
      default:
        // The warehouses' and carriers' logs are plain counters that collide between sources: an event is its source and its id.
        return String(10_004_201 + n);
    }
  }

  private next(range: string): number {
    const n = this.counts.get(range) ?? this.ahead;
    this.counts.set(range, n + 1);
    return n;
  }
}

/** UPS's modulus 10 over the fifteen characters after "1Z": letters count from A = 2, every second character doubles. */
export function upsCheckDigit(body: string): number {
  let sum = 0;
  for (let i = 0; i < body.length; i++) {
    const code = body.charCodeAt(i);
    const value = code >= 65 ? (code - 63) % 10 : code - 48;
    sum += i % 2 === 0 ? value : value * 2;
  }
  return (10 - (sum % 10)) % 10;
}
