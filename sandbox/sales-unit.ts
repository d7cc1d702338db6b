import type { Product } from "./catalog";
import { CASE, CASES_BY_FAMILY, DOZEN } from "./enterprise";
import type { Line } from "./event";

/** The ERP's sales units: it may post whole dozens as DZ and whole cases as CS, where the warehouse counts pieces. */

export interface Pack {
  readonly uom: "DZ" | "CS";
  /** Pieces. */
  readonly holds: number;
}

/** The largest pack that holds the quantity without a rest. */
export function packOf(line: { readonly product: Product; readonly quantity: number }): Pack | undefined {
  const packs: Pack[] = [
    { uom: "CS", holds: CASES_BY_FAMILY[line.product.family] ?? CASE },
    { uom: "DZ", holds: DOZEN },
  ];
  return packs.find(({ holds }) => line.quantity % holds === 0);
}

export function inPack(line: Line, { uom, holds }: Pack): Line {
  return { ...line, quantity: String(Number(line.quantity) / holds), uom };
}
