/** The versions of handoff rules that were published: facts (table handoff_rules). The newest of each rule is in force. */
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
  insert(table: string, rows: readonly object[]): Promise<void>;
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

/** Publishes the next version of a rule. The definition is known to fit. @returns its number */
export async function publishRule(store: RuleStore, publication: Publication): Promise<number> {
  const { definition, origin, by, note, withdrawn = false, at } = publication;
  const [newest] = await readRuleVersions(store, definition.id);
  const version = (newest?.version ?? 0) + 1;
  await store.insert("handoff_rules", [
    {
      rule: definition.id,
      version,
      published_at: at,
      published_by: by,
      origin,
      note,
      withdrawn: withdrawn ? 1 : 0,
      definition: JSON.stringify(definition),
    },
  ]);
  return version;
}

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
  const versions = await readRuleVersions(store);
  const saidBefore = new Map(
    newestOf(versions.filter(({ origin }) => origin === "file")).map((each) => [each.rule, each]),
  );
  const published: string[] = [];
  const publish = async (definition: HandoffRuleText, withdrawn: boolean, note: string) => {
    await publishRule(store, { definition, origin: "file", by, note, withdrawn, at });
    published.push(definition.id);
  };
  for (const definition of definitions) {
    const before = saidBefore.get(definition.id);
    const isSame = before && !before.withdrawn && canonical(before.definition) === canonical(definition);
    if (!isSame) await publish(definition, false, before ? "changed in the file" : "new in the file");
  }
  for (const before of saidBefore.values()) {
    const isThere = definitions.some(({ id }) => id === before.rule);
    if (!isThere && !before.withdrawn) await publish(before.definition, true, "no longer in the file");
  }
  return published;
}

/** Keys in order: a file that only moves lines about says the same. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
