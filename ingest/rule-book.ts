/**
 * The rules in force, kept up to date while the worker runs: publishes config/handoffs.yaml when it says something new, follows what the workbench
 * publishes and accepts, and has the handoffs of whatever changed projected anew. Failure windows:
 *   a file that does not fit            reported with its line; the rules in force stay as they are, also over a restart: they stand in the store
 *   killed, or stopped, while a rule is projected    the mark of that version is missing; the next worker projects the rule again
 *   finance.yaml saved                  units, rates and calendars change every rule's figures: all are projected anew
 *   the store away while it is published    the file is read again at the next look
 *   two workers                         each projects what changed once it has noticed: until then it judged by what was before, whatever another
 *                                       has projected meanwhile. The rows are the same
 *   killed before it noticed a version  the worker that starts next projects again what was published shortly before
 */
import { createHash } from "node:crypto";
import type { Logger } from "pino";
import { projectBreaks, projectRule, type RuleProjectionStore, removeOlder } from "@/ingest/project/rule-projection";
import { WatchedFile } from "@/ingest/watched-file";
import { financePath, loadFinance } from "@/lib/config/finance";
import { handoffsPath, loadHandoffRules } from "@/lib/config/handoffs";
import type { Finance } from "@/lib/domain/handoffs/finance";
import type { RulesInForce } from "@/lib/domain/handoffs/rules-in-force";
import { newestOf, publishFile, type RuleVersion, readRuleVersions } from "@/lib/queries/handoff-rules";
import type { JourneyRules } from "@/lib/queries/journey";
import { readRulesInForce } from "@/lib/queries/rules-in-force";

/** How soon a published rule, an acceptance or a saved file is noticed. */
export const RULES_POLL_MS = 5_000;
/** By then every worker has noticed: a poll, and one that was slow. */
const NOTICED_MS = 4 * RULES_POLL_MS;

export interface RuleBook {
  current(): RulesInForce;
  /**
   * Publishes the file, reads what is in force, projects what has not been, and begins to watch.
   * @param doubtedSince since when a worker that died may have taken in what it did not finish; null: none died
   */
  start(doubtedSince: string | null): Promise<void>;
  /** Looks for changes now, and projects them. */
  refresh(): Promise<void>;
  stop(): Promise<void>;
}

export interface RuleBookOptions {
  readonly store: RuleProjectionStore;
  readonly rules: JourneyRules;
  readonly configDir: string;
  readonly logger: Logger;
  /** The clock, RFC 3339. */
  readonly now: () => string;
}

export function createRuleBook({ store, rules, configDir, logger, now }: RuleBookOptions): RuleBook {
  let inForce: RulesInForce = { rules: [], finance: loadFinance(configDir), acceptances: [], acceptanceChanges: 0 };
  const files = { rules: new WatchedFile(handoffsPath(configDir)), finance: new WatchedFile(financePath(configDir)) };
  /** The newest version of each rule, of the same reading as what is in force. */
  let newest: readonly RuleVersion[] = [];
  /** What every event was judged by that this worker took in, or that it has projected itself since. */
  const followed = new Set<string>();
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();

  async function read(): Promise<void> {
    const definitions = files.rules.changed(() => loadHandoffRules(configDir), logger);
    if (definitions) {
      const published = await publishFile(store, definitions, { at: now(), by: "config/handoffs.yaml" }).catch(
        (error: unknown) => {
          files.rules.forget();
          throw error;
        },
      );
      if (published.length > 0) logger.info({ rules: published }, "handoff rules published from the file");
    }
    const finance = files.finance.changed(() => loadFinance(configDir), logger) ?? inForce.finance;
    const versions = await readRuleVersions(store);
    inForce = await readRulesInForce(store, finance, versions);
    newest = newestOf(versions);
  }

  /** Work that somebody has done need not be done again, unless this worker judged by something older until now. */
  const isDone = (marks: ReadonlyMap<string, string>, mark: string): boolean => marks.has(mark) && followed.has(mark);

  async function done(mark: string): Promise<void> {
    await writeMark(store, mark, now());
    followed.add(mark);
  }

  async function projectChanged(): Promise<void> {
    const marks = await readMarks(store);
    const finance = financeMark(inForce.finance);
    const isSameFinance = newestFinanceOf(marks) === finance && followed.has(finance);
    for (const { rule, version } of newest) {
      if (isSameFinance && isDone(marks, ruleMark(rule, version))) continue;
      const judging = inForce.rules.find((each) => each.rule.id === rule);
      const rows = judging
        ? await projectRule(store, rules, inForce, judging, stopping.signal)
        : await removeOlder(store, rule, version).then(() => 0);
      await done(ruleMark(rule, version));
      logger.info({ rule, version, rows }, "handoffs of a rule projected");
    }
    if (!isSameFinance) await done(finance);
    const acceptances = acceptanceMark(inForce);
    if (inForce.acceptanceChanges === 0 || isDone(marks, acceptances)) return;
    const accepting = new Set(inForce.acceptances.map(({ rule }) => rule));
    for (const versioned of inForce.rules) {
      if (accepting.has(versioned.rule.id)) await projectBreaks(store, rules, inForce, versioned, stopping.signal);
    }
    await done(acceptances);
  }

  /** Nothing has been taken in yet. What was published shortly before a worker died, that one may have judged without. */
  function followWhatStands(doubtedSince: string | null): void {
    const since = doubtedSince === null ? null : new Date(Date.parse(doubtedSince) - NOTICED_MS).toISOString();
    for (const { rule, version, publishedAt } of newest) {
      if (since === null || publishedAt < since) followed.add(ruleMark(rule, version));
    }
    if (since === null) followed.add(financeMark(inForce.finance)).add(acceptanceMark(inForce));
  }

  /** One after another; a failure of one does not stop the next. */
  function next(step: () => Promise<void>): Promise<void> {
    const done = running.then(step);
    running = done.catch(() => undefined);
    return done;
  }

  const refresh = () => next(() => read().then(projectChanged));
  const inBackground = (step: Promise<void>) =>
    step.catch((error: unknown) => {
      if (stopping.signal.aborted) logger.info("Handoff rules are projected to the end by the next worker.");
      else logger.warn({ err: error }, "handoff rules not looked at; they will be again");
    });

  return {
    current: () => inForce,
    async start(doubtedSince) {
      await next(read);
      followWhatStands(doubtedSince);
      if (inForce.rules.length === 0)
        logger.warn(
          "No handoff rule is in force: nothing is reconciled until config/handoffs.yaml or the workbench has one.",
        );
      inBackground(next(projectChanged));
      timer = setInterval(() => inBackground(refresh()), RULES_POLL_MS);
      timer.unref();
    },
    refresh,
    async stop() {
      if (timer) clearInterval(timer);
      stopping.abort(new Error("the worker is stopping"));
      await running;
    },
  };
}

/** What has been projected stands beside how far the sweep has looked: both are marks of work done, with when. */
async function readMarks(store: RuleProjectionStore): Promise<ReadonlyMap<string, string>> {
  const rows = await store.query<{ sweep: string; swept_through: string }>(
    `SELECT sweep, swept_through FROM sweep_progress FINAL LIMIT 100000`,
  );
  return new Map(rows.map(({ sweep, swept_through }) => [sweep, swept_through]));
}

const FINANCE_MARK = "finance ";
const financeMark = (finance: Finance): string => `${FINANCE_MARK}${hashOf(finance)}`;
const ruleMark = (rule: string, version: number): string => `rule ${rule} ${version}`;
const acceptanceMark = ({ acceptanceChanges }: RulesInForce): string => `acceptances ${acceptanceChanges}`;
const newestFinanceOf = (marks: ReadonlyMap<string, string>): string | undefined =>
  [...marks]
    .filter(([mark]) => mark.startsWith(FINANCE_MARK))
    .sort(byTime)
    .at(-1)?.[0];
const byTime = ([, a]: [string, string], [, b]: [string, string]): number => (a < b ? -1 : a > b ? 1 : 0);
const hashOf = (finance: Finance): string => createHash("sha256").update(JSON.stringify(finance)).digest("hex");

const writeMark = (store: RuleProjectionStore, mark: string, at: string): Promise<void> =>
  store.insert("sweep_progress", [{ sweep: mark, swept_through: at }]);
