/** Which alerts begin and which end, given what holds now. Pure: the same again after a crash, because what was decided is read back from the store. */
import { type Alert, alertIdOf, MEMBERS_MAX } from "./alert";
import type { AlertRule, Alerts, Maintenance } from "./rule";

/** Something that holds now. */
export interface Occurrence {
  readonly rule: string;
  /** What one alert is about. */
  readonly subject: string;
  /** This one and no other occasion of it: the same again is not told again while the alert that covers it lasts. */
  readonly member: string;
  /** Whether it may begin an alert, or only keeps one. */
  readonly begins: boolean;
  /** What a reader sees of the subject. */
  readonly title: string;
}

export interface Standing {
  readonly firing: readonly Alert[];
  /** By {@link placeOf}: how many alerts there have been, and when the last began. */
  readonly past: ReadonlyMap<string, { readonly occasions: number; readonly lastFiredAt: string }>;
}

export const placeOf = (rule: string, subject: string): string => JSON.stringify([rule, subject]);

const keyOf = (rule: string, subject: string, member: string): string => JSON.stringify([rule, subject, member]);

/** The alerts that are new or have ended. */
export function decide(
  { rules, maintenance }: Alerts,
  occurrences: readonly Occurrence[],
  { firing, past }: Standing,
  now: string,
): Alert[] {
  const ruleIds = new Set(rules.map(({ id }) => id));
  const holding = new Set(occurrences.map(({ rule, subject, member }) => keyOf(rule, subject, member)));
  const covered = new Set(
    firing.flatMap(({ rule, subject, notice }) => notice.members.map((member) => keyOf(rule, subject, member))),
  );
  // A rule that is gone holds nothing.
  const ended = firing.filter(
    ({ rule, subject, notice }) =>
      !ruleIds.has(rule) || !notice.members.some((member) => holding.has(keyOf(rule, subject, member))),
  );
  const fresh = occurrences.filter(
    ({ rule, subject, member, begins }) => begins && !covered.has(keyOf(rule, subject, member)),
  );
  const begun = rules
    .filter(({ id }) => !isMaintained(id, maintenance, now))
    .flatMap((rule) =>
      begin(
        rule,
        fresh.filter((each) => each.rule === rule.id),
        past,
        now,
      ),
    );
  return [...ended.map((alert): Alert => ({ ...alert, state: "resolved", resolvedAt: now })), ...begun];
}

function begin(rule: AlertRule, fresh: readonly Occurrence[], past: Standing["past"], now: string): Alert[] {
  const bySubject = new Map<string, Occurrence[]>();
  for (const each of fresh) {
    const together = bySubject.get(each.subject);
    if (together) together.push(each);
    else bySubject.set(each.subject, [each]);
  }
  return [...bySubject].flatMap(([subject, together]) => {
    const before = past.get(placeOf(rule.id, subject));
    if (before && rule.when.condition === "new_group") return [];
    if (before && Date.parse(before.lastFiredAt) + rule.throttle > Date.parse(now)) return [];
    return [alertOf(rule, subject, together, (before?.occasions ?? 0) + 1, now)];
  });
}

function alertOf(rule: AlertRule, subject: string, fresh: readonly Occurrence[], occasion: number, now: string): Alert {
  const members = [...new Set(fresh.map(({ member }) => member))].sort().slice(0, MEMBERS_MAX);
  const about = fresh[0]?.title ?? subject;
  return {
    id: alertIdOf(rule.id, subject, occasion),
    rule: rule.id,
    subject,
    occasion,
    state: "firing",
    firedAt: now,
    resolvedAt: null,
    notice: {
      title: rule.name,
      text: members.length > 1 ? `${about} (${members.length})` : about,
      channels: rule.channels,
      tellsEnd: rule.resolved,
      members,
    },
  };
}

const isMaintained = (rule: string, maintenance: readonly Maintenance[], now: string): boolean =>
  maintenance.some(
    ({ from, to, rules }) =>
      Date.parse(from) <= Date.parse(now) &&
      Date.parse(now) < Date.parse(to) &&
      (rules.length === 0 || rules.includes(rule)),
  );
