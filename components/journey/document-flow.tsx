"use client";
import { ChevronDown, ChevronRight, RefreshCcw, Share2 } from "lucide-react";
import { useMemo, useState } from "react";
import { Badge } from "@/components/ui/badge";
import { IconButton } from "@/components/ui/button";
import { Identifier } from "@/components/ui/identifier";
import { EmptyState } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { useVocabulary } from "@/components/ui/vocabulary";
import type { Journey } from "@/lib/domain/journey";
import { type DocumentNode, type DocumentStatus, documentTree } from "./document-tree";
import { eventKey, statusWord } from "./event-label";

export interface DocumentFlowProps {
  readonly journey: Pick<Journey, "root" | "objects" | "events">;
  readonly onSelect: (key: string) => void;
}

/** Past this many rows of one parent the rest waits behind a button: a wholesale order may have thousands of items. */
const FIRST_CHILDREN = 50;

/** The tree of documents as a table: one row per document, one column per system. */
export function DocumentFlow({ journey, onSelect }: DocumentFlowProps) {
  const vocabulary = useVocabulary();
  const tree = useMemo(() => documentTree(journey), [journey]);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => rowsOf(tree.roots, closed, unfolded), [tree, closed, unfolded]);
  if (journey.objects.length === 0) {
    return <EmptyState title="No documents yet">Nothing has named an object of this journey so far.</EmptyState>;
  }
  const toggle = (path: string) => setClosed((paths) => toggled(paths, path));
  return (
    <section aria-label="Document flow, scrolls sideways" className="overflow-x-auto">
      <table className="w-full text-sm">
        <caption className="sr-only">Documents of this journey and what each system says of them</caption>
        <thead>
          <tr className="text-left text-xs text-ink-muted">
            <th scope="col" className="sticky left-0 bg-surface px-3 py-2 font-medium">
              Document
            </th>
            {tree.sources.map((source) => (
              <th key={source} scope="col" className="px-3 py-2 font-medium whitespace-nowrap">
                {vocabulary.system(source)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) =>
            row.kind === "more" ? (
              <tr key={`${row.path} more`} className="border-t">
                <td
                  colSpan={tree.sources.length + 1}
                  className="border-t border-line px-3 py-1"
                  style={{ paddingLeft: indentOf(row.depth) }}
                >
                  <button
                    type="button"
                    className="text-accent hover:underline"
                    onClick={() => setUnfolded((paths) => toggled(paths, row.path))}
                  >
                    {row.hidden} more
                  </button>
                </td>
              </tr>
            ) : (
              <tr key={row.node.path} className="hover:bg-hover">
                <th
                  scope="row"
                  className="sticky left-0 border-t border-line bg-surface py-1 pr-4 pl-3 text-left font-normal"
                >
                  <DocumentName node={row.node} depth={row.depth} open={!closed.has(row.node.path)} onToggle={toggle} />
                </th>
                {tree.sources.map((source) => (
                  <td key={source} className="border-t border-line px-3 py-1 whitespace-nowrap">
                    <StatusCell status={row.node.statuses.get(source)} onSelect={onSelect} />
                  </td>
                ))}
              </tr>
            ),
          )}
        </tbody>
      </table>
    </section>
  );
}

const toggled = (paths: ReadonlySet<string>, path: string): ReadonlySet<string> => {
  const next = new Set(paths);
  if (!next.delete(path)) next.add(path);
  return next;
};

const indentOf = (depth: number): string => `${0.75 + Math.min(depth, 12) * 1.35}rem`;

type Row =
  | { readonly kind: "document"; readonly node: DocumentNode; readonly depth: number }
  | { readonly kind: "more"; readonly path: string; readonly hidden: number; readonly depth: number };

function rowsOf(roots: readonly DocumentNode[], closed: ReadonlySet<string>, unfolded: ReadonlySet<string>): Row[] {
  const rows: Row[] = [];
  const walk = (nodes: readonly DocumentNode[], depth: number, parent: string) => {
    const shown = unfolded.has(parent) ? nodes : nodes.slice(0, FIRST_CHILDREN);
    for (const node of shown) {
      rows.push({ kind: "document", node, depth });
      if (!closed.has(node.path)) walk(node.children, depth + 1, node.path);
    }
    if (shown.length < nodes.length)
      rows.push({ kind: "more", path: parent, hidden: nodes.length - shown.length, depth });
  };
  walk(roots, 0, "");
  return rows;
}

interface DocumentNameProps {
  readonly node: DocumentNode;
  readonly depth: number;
  readonly open: boolean;
  readonly onToggle: (path: string) => void;
}

function DocumentName({ node, depth, open, onToggle }: DocumentNameProps) {
  const vocabulary = useVocabulary();
  const label = vocabulary.object(node.object.type);
  const icon = open ? (
    <ChevronDown aria-hidden className="size-3.5" />
  ) : (
    <ChevronRight aria-hidden className="size-3.5" />
  );
  return (
    <div className="flex items-center gap-1.5" style={{ paddingLeft: `${Math.min(depth, 12) * 1.35}rem` }}>
      {node.children.length > 0 ? (
        <IconButton
          label={`${open ? "Fold" : "Unfold"} ${label} ${node.object.id}`}
          aria-expanded={open}
          size="small"
          icon={icon}
          className="-ml-1 size-5!"
          onClick={() => onToggle(node.path)}
        />
      ) : (
        <span aria-hidden className="w-4 shrink-0 text-center text-line-strong">
          ·
        </span>
      )}
      <Identifier object={node.object} typed className="whitespace-nowrap" />
      {node.alsoUnder.length > 0 ? (
        <Badge
          tone="accent"
          icon={<Share2 aria-hidden className="size-3" />}
          title={`Also under ${node.alsoUnder.map((parent) => `${vocabulary.object(parent.type)} ${parent.id}`).join(", ")}`}
        >
          shared
        </Badge>
      ) : null}
      {node.cyclic ? (
        <Badge
          tone="attention"
          icon={<RefreshCcw aria-hidden className="size-3" />}
          title="Its links lead back to itself; it is not followed again"
        >
          cycle
        </Badge>
      ) : null}
    </div>
  );
}

const STATUS_TONES = {
  ok: "text-ink",
  failed: "text-broken font-medium",
  rejected: "text-broken font-medium",
  skipped: "text-waiting",
} as const;

function StatusCell({
  status,
  onSelect,
}: {
  readonly status: DocumentStatus | undefined;
  readonly onSelect: (key: string) => void;
}) {
  if (!status) return <span className="sr-only">says nothing</span>;
  const { event } = status;
  return (
    <button
      type="button"
      onClick={() => onSelect(eventKey(event))}
      className="inline-flex items-baseline gap-2 rounded-sm hover:underline"
    >
      <span className={STATUS_TONES[event.outcome]}>{statusWord(event)}</span>
      <Time at={event.occurredAt} form="short" className="text-xs text-ink-faint" />
    </button>
  );
}
