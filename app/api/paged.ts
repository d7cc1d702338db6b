/** A list whose cursor the query reads itself. */
import { InvalidCursor } from "@/lib/queries/orders";
import { invalidCursor } from "./cursor";

/** @throws ApiProblem 400 naming `cursor` */
export async function paged<List>(reading: Promise<List>): Promise<List> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof InvalidCursor) throw invalidCursor();
    throw error;
  }
}

/** "-rank": the other way round. */
export const orderOf = <Sort extends string>(
  sort: Sort | `-${Sort}`,
): { readonly sort: Sort; readonly reverse: boolean } => ({
  sort: sort.replace(/^-/, "") as Sort,
  reverse: sort.startsWith("-"),
});
