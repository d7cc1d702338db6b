import { FAMILIES, type Family } from "./assortment";
import { stream, Weighted, zipfWeights } from "./random";

/** The assortment: about 2,000 SKUs of an industrial and home supplier, a few of them wanted far more than the rest. */

export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly family: string;
  readonly priceCents: number;
  /** Typical cartons hold this many; decides how many packages an order fills. */
  readonly perCarton: number;
  /** The product that may replace this one: the next variant of its family. */
  readonly substitute: string;
}

const POPULARITY_EXPONENT = 0.85;

/** Business buyers cannot be told from private ones by SKU alone; consumer families simply rank among the rest. */
export class Catalog {
  readonly products: readonly Product[];
  private readonly bySku: ReadonlyMap<string, Product>;
  private readonly popularity: Weighted;

  constructor(seed: string) {
    const products = FAMILIES.flatMap((family) => variants(family, seed));
    const random = stream(seed, "catalog", "popularity");
    // Fisher-Yates: rank in the popularity law is unrelated to the family.
    for (let i = products.length - 1; i > 0; i--) {
      const j = random.int(0, i);
      const a = products[i] as Product;
      products[i] = products[j] as Product;
      products[j] = a;
    }
    this.products = products;
    this.bySku = new Map(products.map((product) => [product.sku, product]));
    this.popularity = new Weighted(zipfWeights(products.length, POPULARITY_EXPONENT));
  }

  draw(random: ReturnType<typeof stream>): Product {
    return this.products[this.popularity.draw(random)] as Product;
  }

  get(sku: string): Product {
    const product = this.bySku.get(sku);
    if (product === undefined) throw new Error(`catalog: no product ${sku}`);
    return product;
  }
}

function variants(family: Family, seed: string): Product[] {
  const random = stream(seed, "catalog", family.code);
  const codes = family.sizes.flatMap((size) => family.finishes.map(([code]) => skuCode(family.code, size, code)));
  return family.sizes.flatMap((size, s) =>
    family.finishes.map(([code, finish], f) => {
      const position = s * family.finishes.length + f;
      const raw = family.cents * (1 + (family.sizeStep ?? 0.22) * s + 0.08 * f) * random.between(0.95, 1.05);
      return {
        sku: skuCode(family.code, size, code),
        name: `${family.name} ${size}, ${finish}`,
        family: family.code,
        priceCents: Math.max(99, Math.round(raw / 10) * 10 - 1),
        perCarton: family.perCarton,
        substitute: codes[(position + 1) % codes.length] as string,
      };
    }),
  );
}

function skuCode(family: string, size: string, finish: string): string {
  return `${family}-${size.replace(/[^A-Za-z0-9]/g, "").toUpperCase()}-${finish}`;
}
