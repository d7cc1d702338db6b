/** Business objects after normalisation, and what `config/objects.yaml` declares about their types. */

/** A business object: what correlation compares. `id` is normalised, and `issuer:number` for issuer-scoped types. */
export interface ObjectRef {
  readonly type: string;
  readonly id: string;
}

/** An object as an event names it. `qualifier` says in which part ("subject"); empty when the event does not say. */
export interface NamedObject extends ObjectRef {
  readonly qualifier: string;
}

/** An object reference as one string, for maps and sets. NUL cannot occur in either part (event.ts rejects it). */
export type ObjectKey = string;

export const objectKey = (object: ObjectRef): ObjectKey => `${object.type}\u0000${object.id}`;

export function objectOfKey(key: ObjectKey): ObjectRef {
  const cut = key.indexOf("\u0000");
  return { type: key.slice(0, cut), id: key.slice(cut + 1) };
}

/** One type of business object, as declared. */
export interface ObjectType {
  readonly type: string;
  readonly label: string;
  /** 0 for root types; below them by position. Context types have no rank and are never linked through. */
  readonly rank: number | null;
  /** `issuer`: two issuers may give the same number to different objects (warehouse tasks). */
  readonly unique: "company" | "issuer";
}

/** What correlation needs to know about types. A type that nobody declared is context until it is declared. */
export interface ObjectCatalogue {
  readonly types: ReadonlyMap<string, ObjectType>;
}

/** The rank of a type: 0 is a root type, larger is lower; null is context (declared so, or not declared at all). */
export const rankOf = (catalogue: ObjectCatalogue, type: string): number | null =>
  catalogue.types.get(type)?.rank ?? null;

export const isRootType = (catalogue: ObjectCatalogue, type: string): boolean => rankOf(catalogue, type) === 0;

export const isIssuerScoped = (catalogue: ObjectCatalogue, type: string): boolean =>
  catalogue.types.get(type)?.unique === "issuer";
