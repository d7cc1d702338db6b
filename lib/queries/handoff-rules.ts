/** The versions of handoff rules that were published: facts (table handoff_rules). The newest of each rule is in force. */
import { canonicalJson } from "@/lib/domain/canonical-json";
import { type HandoffRuleText, handoffRule, type VersionedRule } from "@/lib/domain/handoffs/rule";
import type { FactReader } from "./fact-reader";

export interface RuleVersion {
  readonly rule: string;
  readonly version: number;
  readonly publishedAt: string;
  readonly publishedBy: string;
  /** `file`: config/handoffs.yaml. */
  readonly origin: "file" | "workbench";
  readonly note: string;
  readonly withdrawn: boolean;
  readonly definition: HandoffRuleText;
}

export interface RuleStore extends FactReader {
  /** A second insert under one token is dropped whole. */
  insert(table: string, rows: readonly object[], options: { readonly dedupToken: string }): Promise<void>;
}

interface RuleRow {
  rule: string;
  version: number;
  published_at: string;
  published_by: string;
  origin: RuleVersion["origin"];
  note: string;
  withdrawn: number;
  definition: string;
}

/** @returns all versions, by rule and then newest first. @param rule of this rule only */
export async function readRuleVersions(reader: FactReader, rule?: string): Promise<readonly RuleVersion[]> {
  const rows = await reader.query<RuleRow>(
    `SELECT rule, version, published_at, published_by, origin, note, withdrawn, definition
     FROM handoff_rules FINAL
     ${rule === undefined ? "" : "WHERE rule = {rule:String}"}
     ORDER BY rule, version DESC LIMIT 50000`,
    rule === undefined ? {} : { rule },
  );
  return rows.map((row) => ({
    rule: row.rule,
    version: row.version,
    publishedAt: row.published_at,
    publishedBy: row.published_by,
    origin: row.origin,
    note: row.note,
    withdrawn: row.withdrawn === 1,
    definition: JSON.parse(row.definition) as HandoffRuleText,
  }));
}

/** The newest version of each rule. */
export const newestOf = (versions: readonly RuleVersion[]): readonly RuleVersion[] =>
  versions.filter((each, index) => versions.findIndex(({ rule }) => rule === each.rule) === index);

/** The version of one rule that judged at a time: before the first was published, that one would have. Null when it was withdrawn or switched off. */
export function judgingAt(versions: readonly RuleVersion[], at: string | null): VersionedRule | null {
  const newestFirst = [...versions].sort((a, b) => b.version - a.version);
  const found = newestFirst.find(({ publishedAt }) => at === null || publishedAt <= at) ?? newestFirst.at(-1);
  return found ? (judgingOf([found])[0] ?? null) : null;
}

/** Those that judge: neither withdrawn nor switched off, and written in a form this version of the product reads. */
export function judgingOf(versions: readonly RuleVersion[]): readonly VersionedRule[] {
  return newestOf(versions).flatMap(({ withdrawn, definition, version }) => {
    const read = handoffRule.safeParse(definition);
    return !withdrawn && read.success && read.data.enabled ? [{ rule: read.data, version }] : [];
  });
}

export interface Publication {
  readonly definition: HandoffRuleText;
  readonly origin: RuleVersion["origin"];
  readonly by: string;
  readonly note: string;
  readonly withdrawn?: boolean;
  /** RFC 3339 */
  readonly at: string;
}

export type PublishOutcome =
  | { readonly state: "published"; readonly version: number }
  /** Somebody published another version meanwhile. */
  | { readonly state: "overtaken"; readonly newest: RuleVersion | null };

/**
 * Publishes the version after `base` (0: none), if that is the newest still. Of two at once, the store keeps the first under the number's token and drops the
 * other whole, which finds the first's when it reads back. The definition is known to fit.
 */
export async function publishRule(store: RuleStore, publication: Publication, base: number): Promise<PublishOutcome> {
  const { definition, origin, by, note, withdrawn = false, at } = publication;
  const [newest] = await readRuleVersions(store, definition.id);
  if ((newest?.version ?? 0) !== base) return { state: "overtaken", newest: newest ?? null };
  const version = base + 1;
  const row = {
    rule: definition.id,
    version,
    published_at: at,
    published_by: by,
    origin,
    note,
    withdrawn: withdrawn ? 1 : 0,
    definition: JSON.stringify(definition),
  };
  await store.insert("handoff_rules", [row], { dedupToken: JSON.stringify(["rule", definition.id, version]) });
  const after = await readRuleVersions(store, definition.id);
  const stored = after.find((each) => each.version === version);
  const isOurs =
    stored?.publishedBy === by &&
    stored.origin === origin &&
    stored.note === note &&
    stored.withdrawn === withdrawn &&
    isSameDefinition(stored.definition, definition);
  return isOurs ? { state: "published", version } : { state: "overtaken", newest: after[0] ?? null };
}

/** A definition that only moves lines about says the same. */
export const isSameDefinition = (a: HandoffRuleText, b: HandoffRuleText): boolean =>
  canonicalJson(a) === canonicalJson(b);

/**
 * Publishes what a file says differently from what it said before. What the workbench has published since stays as long as the file
 * says of that rule what it said; a rule that is no longer in the file is withdrawn.
 * @returns the rules that have a new version
 */
export async function publishFile(
  store: RuleStore,
  definitions: readonly HandoffRuleText[],
  { at, by }: { readonly at: string; readonly by: string },
): Promise<readonly string[]> {
  const published: string[] = [];
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const versions = await readRuleVersions(store);
    let isOvertaken = false;
    for (const { definition, withdrawn, note } of newsOf(definitions, versions)) {
      const base = versions.find(({ rule }) => rule === definition.id)?.version ?? 0;
      const outcome = await publishRule(store, { definition, origin: "file", by, note, withdrawn, at }, base);
      if (outcome.state === "published") published.push(definition.id);
      else isOvertaken = true;
    }
    // Another worker said the same, or the workbench something else: looked at again, either way.
    if (!isOvertaken) return published;
  }
  throw new Error(`the rules of ${by} were overtaken ${ROUNDS_MAX} times while they were published`);
}

const ROUNDS_MAX = 10;

interface News {
  readonly definition: HandoffRuleText;
  readonly withdrawn: boolean;
  readonly note: string;
}

/** What the file says otherwise than when it was last published. @param versions newest first */
function newsOf(definitions: readonly HandoffRuleText[], versions: readonly RuleVersion[]): News[] {
  const saidBefore = new Map(
    newestOf(versions.filter(({ origin }) => origin === "file")).map((each) => [each.rule, each]),
  );
  const changed = definitions.flatMap((definition) => {
    const before = saidBefore.get(definition.id);
    if (before && !before.withdrawn && isSameDefinition(before.definition, definition)) return [];
    return [{ definition, withdrawn: false, note: before ? "changed in the file" : "new in the file" }];
  });
  const gone = [...saidBefore.values()].filter(
    (before) => !before.withdrawn && !definitions.some(({ id }) => id === before.rule),
  );
  return [
    ...changed,
    ...gone.map(({ definition }) => ({ definition, withdrawn: true, note: "no longer in the file" })),
  ];
}
