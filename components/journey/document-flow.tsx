"use client";
import { ChevronDown, ChevronRight, Share2 } from "lucide-react";
import { useMemo, useState } from "react";
import { Badge } from "@/components/ui/badge";
import { IconButton } from "@/components/ui/button";
import { Identifier } from "@/components/ui/identifier";
import { plural } from "@/components/ui/number-format";
import { inFlow } from "@/components/ui/system-flow";
import { Time } from "@/components/ui/time";
import { useUrlState } from "@/components/ui/url-state";
import { useVocabulary, type Vocabulary } from "@/components/ui/vocabulary";
import type { Journey } from "@/lib/domain/journey";
import type { ObjectRef } from "@/lib/domain/object";
import { DOCUMENT_LINES_MAX, type DocumentNode, type DocumentStatus, documentTree } from "./document-tree";
import { eventKey, eventLabel, statusWord } from "./event-label";

export interface DocumentFlowProps {
  readonly journey: Pick<Journey, "root" | "objects" | "events">;
  readonly onSelect: (key: string) => void;
}

/** Identifiers of machines among themselves: no document that anybody files. */
const isTrace = (type: string): boolean => type === "trace";

/** The tree of documents as a table: a row per document, a column per system, the last word of each in between. */
export function DocumentFlow({ journey, onSelect }: DocumentFlowProps) {
  const vocabulary = useVocabulary();
  const { parameters, change } = useUrlState();
  const withTraces = parameters.get("traces") === "shown";
  const tree = useMemo(() => documentTree(journey, (type) => withTraces || !isTrace(type)), [journey, withTraces]);
  const sources = useMemo(() => columnsOf(tree.sources, vocabulary), [tree, vocabulary]);
  const traces = journey.objects.filter((object) => isTrace(object.type)).length;
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const shown = tree.nodes.filter((node) => ![...folded].some((path) => node.path.startsWith(`${path}\u0001`)));
  const toggle = (path: string) =>
    setFolded((paths) => {
      const next = new Set(paths);
      if (!next.delete(path)) next.add(path);
      return next;
    });
  return (
    <div>
      {traces > 0 ? (
        <label className="flex items-center gap-2 px-3 pt-2 text-xs text-ink-muted">
          <input
            type="checkbox"
            checked={withTraces}
            onChange={(event) => change({ traces: event.currentTarget.checked ? "shown" : null })}
            className="accent-accent"
          />
          Show {plural(traces, "trace")} of calls
        </label>
      ) : null}
      <section
        aria-label="Document flow"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls sideways must be reachable by keyboard
        tabIndex={0}
        className="overflow-x-auto"
      >
        <table className="w-full text-sm">
          <caption className="sr-only">Documents of {journey.root.id} and the last word of each system on them</caption>
          <thead>
            <tr className="text-left text-xs whitespace-nowrap text-ink-muted *:border-b *:border-line-strong *:px-2.5 *:py-2 *:font-medium">
              <th scope="col" className="sticky left-0 z-10 bg-surface">
                Document
              </th>
              {sources.map((source) => (
                <th key={source} scope="col">
                  {vocabulary.system(source)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((node) => (
              <tr key={node.path} className="group *:border-b *:border-line *:px-2.5 *:py-1 last:*:border-b-0">
                <th scope="row" className="sticky left-0 z-10 bg-surface text-left font-normal group-hover:bg-hover">
                  <DocumentName node={node} open={!folded.has(node.path)} onToggle={toggle} />
                </th>
                {sources.map((source) => (
                  <td key={source} className="whitespace-nowrap group-hover:bg-hover">
                    <StatusCell status={node.statuses.get(source)} onSelect={onSelect} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {tree.cut ? (
        <p className="border-t border-line px-3 py-2 text-sm text-attention">
          The tree is longer; its first {DOCUMENT_LINES_MAX} lines are shown.
        </p>
      ) : null}
    </div>
  );
}

/** As everywhere in the order of flow, but those that only carry messages last: their word matters when they failed. */
function columnsOf(sources: readonly string[], vocabulary: Vocabulary): string[] {
  const carries = (source: string) => ["gateway", "middleware"].includes(vocabulary.kindOf(source));
  const ordered = inFlow(sources, vocabulary);
  return [...ordered.filter((source) => !carries(source)), ...ordered.filter(carries)];
}

const INDENT_REM = 1.25;
const DEEPEST_INDENT = 10;

interface DocumentNameProps {
  readonly node: DocumentNode;
  readonly open: boolean;
  readonly onToggle: (path: string) => void;
}

function DocumentName({ node, open, onToggle }: DocumentNameProps) {
  const vocabulary = useVocabulary();
  const name = `${vocabulary.object(node.object.type)} ${node.object.id}`;
  return (
    <span
      className="flex items-center gap-1.5 whitespace-nowrap"
      style={{ paddingLeft: `${Math.min(node.depth, DEEPEST_INDENT) * INDENT_REM}rem` }}
    >
      {node.children > 0 ? (
        <IconButton
          label={`${open ? "Fold" : "Unfold"} ${name}`}
          aria-expanded={open}
          size="small"
          className="size-5! rounded"
          icon={
            open ? <ChevronDown aria-hidden className="size-3.5" /> : <ChevronRight aria-hidden className="size-3.5" />
          }
          onClick={() => onToggle(node.path)}
        />
      ) : (
        <span aria-hidden className="size-5 shrink-0" />
      )}
      <Identifier object={node.object} typed />
      <SharedBadge others={node.otherParents} />
    </span>
  );
}

/** Also under another document: a shipment of two orders, a payment of two invoices. */
function SharedBadge({ others }: { readonly others: readonly ObjectRef[] }) {
  const vocabulary = useVocabulary();
  if (others.length === 0) return null;
  const names = others.map((parent) => `${vocabulary.object(parent.type)} ${parent.id}`).join(", ");
  return (
    <Badge tone="accent" icon={<Share2 aria-hidden className="size-3" />} title={`Also belongs to ${names}`}>
      shared<span className="sr-only">: also belongs to {names}</span>
    </Badge>
  );
}

const TONES = {
  ok: "",
  failed: "font-medium text-broken",
  rejected: "font-medium text-broken",
  skipped: "text-waiting",
};

interface StatusCellProps {
  readonly status: DocumentStatus | undefined;
  readonly onSelect: (key: string) => void;
}

function StatusCell({ status, onSelect }: StatusCellProps) {
  if (!status) return null;
  const { event, isSubject } = status;
  const word = isSubject || event.outcome !== "ok" ? statusWord(event) : eventLabel(event.type);
  return (
    <button
      type="button"
      title={isSubject ? eventLabel(event.type) : `${eventLabel(event.type)} mentions it`}
      onClick={() => onSelect(eventKey(event))}
      className="block rounded-sm text-left leading-4 underline-offset-2 hover:underline"
    >
      <span className={`block text-xs ${isSubject ? `font-medium ${TONES[event.outcome]}` : "text-ink-muted"}`}>
        {word}
      </span>
      <Time at={event.occurredAt} form="short" className="text-2xs text-ink-faint" />
    </button>
  );
}
