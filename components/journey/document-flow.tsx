"use client";
import { Badge } from "@/components/ui/badge";
import { Identifier } from "@/components/ui/identifier";
import { usePreferences } from "@/components/ui/preferences";
import { fullTime } from "@/components/ui/time-format";
import { useVocabulary } from "@/components/ui/vocabulary";
import type { Journey } from "@/lib/domain/journey";
import { DOCUMENT_LINES_MAX, type DocumentNode, documentTree } from "./document-tree";

const INDENTS = ["pl-0", "pl-5", "pl-10", "pl-15", "pl-20", "pl-25", "pl-30"] as const;

/** The tree of documents, each with its status per system: order → fulfilment → shipment → goods issue → invoice. */
export function DocumentFlow({ journey }: { readonly journey: Journey }) {
  const nodes = documentTree(journey);
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-sm">
        <caption className="sr-only">Documents of {journey.root.id} and what each system last said of them</caption>
        <thead className="max-sm:sr-only">
          <tr className="text-left text-xs text-ink-muted *:px-3 *:py-2 *:font-medium">
            <th scope="col">Document</th>
            <th scope="col">Status by system</th>
          </tr>
        </thead>
        <tbody>
          {nodes.map((node) => (
            <DocumentRow key={node.path} node={node} />
          ))}
        </tbody>
      </table>
      {nodes.length >= DOCUMENT_LINES_MAX ? (
        <p className="px-3 py-2 text-sm text-attention">
          The tree is longer; its first {DOCUMENT_LINES_MAX} lines are shown.
        </p>
      ) : null}
    </div>
  );
}

const OTHERS_SHOWN = 3;

function DocumentRow({ node }: { readonly node: DocumentNode }) {
  const vocabulary = useVocabulary();
  const { zone } = usePreferences();
  return (
    <tr className="border-line *:border-line *:px-3 *:py-1.5 *:align-top max-sm:block max-sm:border-t max-sm:*:block sm:*:border-t">
      <th scope="row" className="text-left font-normal">
        <div className={INDENTS[Math.min(node.depth, INDENTS.length - 1)]}>
          <span className="flex flex-wrap items-center gap-x-2">
            {node.depth > 0 ? (
              <span aria-hidden className="text-ink-faint">
                └
              </span>
            ) : null}
            <Identifier object={node.object} typed />
          </span>
          {node.otherParents.length > 0 ? (
            <span className="block text-xs text-ink-muted">
              Shared: also belongs to{" "}
              {node.otherParents
                .slice(0, OTHERS_SHOWN)
                .map((parent) => `${vocabulary.object(parent.type)} ${parent.id}`)
                .join(", ")}
              {node.otherParents.length > OTHERS_SHOWN ? ` and ${node.otherParents.length - OTHERS_SHOWN} more` : ""}
            </span>
          ) : null}
        </div>
      </th>
      <td>
        <span className="flex flex-wrap gap-1.5">
          {node.statuses.length === 0 ? <span className="text-xs text-ink-faint">Named by links only</span> : null}
          {node.statuses.map(({ source, word, at, failed }) => (
            <Badge key={source} tone={failed ? "broken" : "neutral"} title={fullTime(Date.parse(at), zone)}>
              {vocabulary.system(source)}: {word}
            </Badge>
          ))}
        </span>
      </td>
    </tr>
  );
}
