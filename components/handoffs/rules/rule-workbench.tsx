"use client";
import { useId, useMemo, useRef, useState } from "react";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { useToast } from "@/components/ui/toast";
import { Problem } from "../form-fields";
import { BackTestPanel } from "./back-test-panel";
import { CodeArea, selectLine } from "./code-area";
import { PublishDialog, type RuleAct } from "./publish-dialog";
import { checkRule, type RuleCheck } from "./rule-check";
import { RuleHistory } from "./rule-history";
import { RuleProblems } from "./rule-problems";
import type { RuleView } from "./rule-view";
import { useUnsavedWarning } from "./unsaved";

interface RuleWorkbenchProps {
  readonly view: RuleView;
  /** What the editor begins with. */
  readonly start: string;
  readonly mayChange: boolean;
  readonly today: string;
}

/** One rule: its text, whether it fits, what it would change, and what it said before. */
export function RuleWorkbench({ view, start, mayChange, today }: RuleWorkbenchProps) {
  const toast = useToast();
  const area = useRef<HTMLTextAreaElement>(null);
  const problemsId = useId();
  const [newest] = view.versions;
  const [text, setText] = useState(start);
  const [check, setCheck] = useState<RuleCheck | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [act, setAct] = useState<RuleAct | null>(null);
  const [isDone, setDone] = useState(false);
  const isChanged = text !== start;
  useUnsavedWarning(isChanged && !isDone);
  const faultyLines = useMemo(() => new Set(check?.problems.map(({ line }) => line)), [check]);

  const edit = (changed: string) => {
    setText(changed);
    setCheck(null);
    setProblem(null);
  };
  const runCheck = async (): Promise<RuleCheck | null> => {
    const answer = await checkRule(text);
    setProblem(answer.ok ? null : answer.problem);
    setCheck(answer.ok ? answer.value : null);
    return answer.ok ? answer.value : null;
  };
  const publish = async () => {
    const found = await runCheck();
    if (!found?.fits || found.rule === null) return;
    // Under another id it is another rule; under this one the version that was opened is what was edited.
    const base = found.rule === view.rule ? (newest?.version ?? 0) : 0;
    setAct({ kind: "publish", rule: found.rule, base, before: base === 0 ? "" : start, text });
  };
  const restore = (version: RuleView["versions"][number]) => {
    edit(version.text);
    toast({ tone: "settled", text: `Version ${version.version} is in the editor. Publish it to bring it back.` });
    area.current?.focus();
  };
  return (
    <>
      <section aria-label="Definition" className="flex min-w-0 flex-col gap-2">
        <CodeArea
          label="Definition (YAML)"
          text={text}
          onChange={mayChange ? edit : null}
          faultyLines={faultyLines}
          describedBy={problemsId}
          area={area}
        />
        {mayChange ? (
          <div className="flex flex-wrap items-center gap-2">
            <Button onClick={runCheck}>Check</Button>
            <Button tone="primary" onClick={publish} disabled={!isChanged && newest?.withdrawn !== true}>
              Publish…
            </Button>
            <Button tone="quiet" onClick={() => edit(start)} disabled={!isChanged}>
              Undo changes
            </Button>
            {isChanged ? <Badge tone="attention">not published</Badge> : null}
            {newest && !newest.withdrawn ? (
              <Button
                tone="danger"
                className="ml-auto"
                onClick={() => setAct({ kind: "withdraw", rule: view.rule, base: newest.version })}
              >
                Withdraw…
              </Button>
            ) : null}
          </div>
        ) : (
          <p className="text-sm text-ink-muted">Your role may read rules and not change them.</p>
        )}
        <Problem text={problem} />
        <RuleProblems id={problemsId} check={check} onLine={(line) => selectLine(area.current, line)} />
      </section>
      {mayChange ? <BackTestPanel text={text} today={today} /> : null}
      {view.versions.length > 0 ? (
        <RuleHistory versions={view.versions} onRestore={mayChange ? restore : null} />
      ) : null}
      <PublishDialog act={act} onClose={() => setAct(null)} onDone={() => setDone(true)} />
    </>
  );
}
