/**
 * "Roots and journeys" of docs/concepts.md once more, written for the tests from the text alone and sharing nothing with the product: the
 * truth that journeys are held against. Acyclic links only.
 */
export interface ReferenceEvent {
  readonly id: string;
  /** Keys "type id" of the ranked objects it names. */
  readonly objects: readonly string[];
}

/** @returns per root, the ids of its events. */
export function referenceJourneys(
  events: readonly ReferenceEvent[],
  parents: ReadonlyMap<string, ReadonlySet<string>>,
  isRootType: (key: string) => boolean,
): Map<string, Set<string>> {
  const known = new Map<string, Set<string>>();
  const roots = (key: string): Set<string> => {
    const cached = known.get(key);
    if (cached) return cached;
    const above = [...(parents.get(key) ?? [])];
    const deciding = above.some(isRootType) ? above.filter(isRootType) : above;
    const result = deciding.length === 0 ? new Set([key]) : new Set(deciding.flatMap((parent) => [...roots(parent)]));
    known.set(key, result);
    return result;
  };
  const journeys = new Map<string, Set<string>>();
  for (const event of events) {
    const rootTyped = event.objects.filter(isRootType);
    const sets = (rootTyped.length > 0 ? rootTyped : event.objects).map(roots);
    const union = new Set(sets.flatMap((set) => [...set]));
    const common = [...union].filter((root) => sets.every((set) => set.has(root)));
    const decided = rootTyped.length > 0 || common.length === 0 ? union : new Set(common);
    for (const root of decided) journeys.set(root, (journeys.get(root) ?? new Set()).add(event.id));
  }
  return journeys;
}
