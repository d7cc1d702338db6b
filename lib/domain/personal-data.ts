/**
 * Masks personal data (names of people, e-mail, telephone, postal address) in the payload of an event, for those who may see the payload
 * but not the person. Pure. What counts is declared (config/personal-data.yaml); when in doubt a value is masked: a hidden city is a nuisance,
 * a shown address is a breach.
 */

export interface PersonalDataRules {
  /** Keys whose value, with all below it, is personal wherever it stands: "email", "shipToAddress". Compared by `comparable`. `*` stands for any characters. */
  readonly keys: readonly string[];
  /** Keys of people and places: below them the `keysBelow` are personal as well. */
  readonly people: readonly string[];
  /** Keys that are personal only below a person: "name", "city". */
  readonly keysBelow: readonly string[];
  /** Keys that are never personal, though another rule fits: "warehouseAddressId". */
  readonly except: readonly string[];
  /** Keys of embedded documents: JSON in them is masked like the rest; any other text is hidden whole, because nobody knows what it holds. */
  readonly documents: readonly string[];
}

export const MASKED = "‹masked›";
export const HIDDEN_DOCUMENT = "‹hidden: may hold personal data›";
/** Deeper than any real payload (intake takes 64 levels); what lies below is masked whole. */
const DEPTH_MAX = 200;

const EMAIL = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/gu;
const INTERNATIONAL_TELEPHONE = /(?<![\w+])\+\d[\d ()./-]{6,18}\d(?!\w)/g;

export type Mask = (payload: unknown) => unknown;

/** Compiles the rules once. The mask returns a new value of the same shape; keys are never masked, and `null`, `true` and `""` tell nothing. */
export function createMask(rules: PersonalDataRules): Mask {
  const matchers: Matchers = {
    isPersonal: matcherOf(rules.keys),
    isPerson: matcherOf(rules.people),
    isPersonalBelow: matcherOf(rules.keysBelow),
    isExcept: matcherOf(rules.except),
    isDocument: matcherOf(rules.documents),
  };
  return (payload) => maskValue(payload, false, 0, matchers);
}

type KeyMatcher = (key: string) => boolean;
interface Matchers {
  readonly isPersonal: KeyMatcher;
  readonly isPerson: KeyMatcher;
  readonly isPersonalBelow: KeyMatcher;
  readonly isExcept: KeyMatcher;
  readonly isDocument: KeyMatcher;
}

function maskValue(value: unknown, isBelowPerson: boolean, depth: number, matchers: Matchers): unknown {
  if (typeof value === "string") return maskText(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= DEPTH_MAX) return MASKED;
  if (Array.isArray(value)) return value.map((item) => maskValue(item, isBelowPerson, depth + 1, matchers));
  // fromEntries defines own properties, so a key "__proto__" stays a key.
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, maskMember(key, item, isBelowPerson, depth, matchers)]),
  );
}

function maskMember(key: string, value: unknown, isBelowPerson: boolean, depth: number, matchers: Matchers): unknown {
  const name = comparable(key);
  if (matchers.isDocument(name)) return maskDocument(value, isBelowPerson, depth, matchers);
  if (!matchers.isExcept(name)) {
    if (matchers.isPersonal(name) || (isBelowPerson && matchers.isPersonalBelow(name))) return maskWhole(value, depth);
  }
  return maskValue(value, isBelowPerson || matchers.isPerson(name), depth + 1, matchers);
}

/** Every value below, of any kind. */
function maskWhole(value: unknown, depth: number): unknown {
  if (value === null || value === undefined || value === "" || typeof value === "boolean") return value;
  if (typeof value !== "object" || depth >= DEPTH_MAX) return MASKED;
  if (Array.isArray(value)) return value.map((item) => maskWhole(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskWhole(item, depth + 1)]));
}

function maskDocument(value: unknown, isBelowPerson: boolean, depth: number, matchers: Matchers): unknown {
  if (typeof value !== "string") return maskValue(value, isBelowPerson, depth + 1, matchers);
  if (value.trim() === "") return value;
  let inner: unknown;
  try {
    inner = JSON.parse(value);
  } catch {
    return HIDDEN_DOCUMENT;
  }
  // A text that happens to be a JSON string or number ("4711") is text.
  if (typeof inner !== "object" || inner === null) return HIDDEN_DOCUMENT;
  return JSON.stringify(maskValue(inner, isBelowPerson, depth + 1, matchers));
}

const maskText = (text: string): string => text.replace(EMAIL, MASKED).replace(INTERNATIONAL_TELEPHONE, MASKED);

/** "ship_to-Name" and "shipToName" are one key. */
export const comparable = (key: string): string => key.toLowerCase().replace(/[^\p{L}\p{N}*]/gu, "");

function matcherOf(patterns: readonly string[]): KeyMatcher {
  const exact = new Set<string>();
  const wild: RegExp[] = [];
  for (const pattern of patterns.map(comparable)) {
    if (pattern.includes("*")) wild.push(new RegExp(`^${pattern.split("*").map(escapeRegExp).join(".*")}$`, "u"));
    else exact.add(pattern);
  }
  return (key) => exact.has(key) || wild.some((pattern) => pattern.test(key));
}

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
