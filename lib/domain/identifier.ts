/**
 * How one source writes its numbers, made the same for all before anything is compared (docs/concepts.md, "Objects and links").
 * Only what a source is known to do is undone: a rule applied to everyone would merge numbers that differ.
 */
import { isIssuerScoped, type NamedObject, type ObjectCatalogue, type ObjectRef } from "./object";

export interface IdentifierRule {
  readonly stripLeadingZeros: "never" | "digits" | "always";
  readonly case: "keep" | "upper" | "lower";
  readonly stripPrefixes: readonly string[];
}

export const AS_WRITTEN: IdentifierRule = { stripLeadingZeros: "never", case: "keep", stripPrefixes: [] };

/** Per object type; `all` holds for types without a rule of their own. */
export type IdentifierRules = Readonly<Record<string, IdentifierRule>>;

const ALL_DIGITS = /^\d+$/;

/** "  0080001234 " → "80001234" under `digits`. Never returns an empty string for a non-blank one. */
export function normaliseNumber(number: string, rule: IdentifierRule): string {
  let result = number.trim();
  const prefix = rule.stripPrefixes.find((candidate) => candidate !== "" && result.startsWith(candidate));
  if (prefix !== undefined && result.length > prefix.length) result = result.slice(prefix.length).trim();
  if (rule.stripLeadingZeros === "always" || (rule.stripLeadingZeros === "digits" && ALL_DIGITS.test(result))) {
    // "000" is the number 0, not nothing. Blanks behind a zero go with it, so that a number is the same when normalised twice.
    result = result.replace(/^[0\s]+(?=\S)/, "");
  }
  if (rule.case === "upper") return result.toUpperCase();
  if (rule.case === "lower") return result.toLowerCase();
  return result;
}

export interface IssuedReference extends ObjectRef {
  readonly issuer?: string | undefined;
}

/**
 * The identity of an object that `source` names: type trimmed, number normalised by the source's rules, and
 * `issuer:number` where numbers are unique per issuer only; the issuer is the stated one, else the source.
 */
export function identify(
  stated: IssuedReference,
  source: string,
  rules: IdentifierRules,
  catalogue: ObjectCatalogue,
): ObjectRef {
  const type = stated.type.trim();
  const rule = rules[type] ?? rules.all ?? AS_WRITTEN;
  const number = normaliseNumber(stated.id, rule);
  if (!isIssuerScoped(catalogue, type)) return { type, id: number };
  return { type, id: `${(stated.issuer ?? source).trim()}:${number}` };
}

export function identifyNamed(
  stated: IssuedReference & { readonly qualifier?: string | undefined },
  source: string,
  rules: IdentifierRules,
  catalogue: ObjectCatalogue,
): NamedObject {
  return { ...identify(stated, source, rules, catalogue), qualifier: stated.qualifier?.trim() ?? "" };
}
