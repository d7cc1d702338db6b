"use client";
import { useState } from "react";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Time } from "@/components/ui/time";
import { Panel } from "../panel";
import { type DiffLine, diffLines } from "./line-diff";
import type { VersionView } from "./rule-view";

interface RuleHistoryProps {
  readonly versions: readonly VersionView[];
  /** Puts an old version into the editor; null where the person may not change rules. */
  readonly onRestore: ((version: VersionView) => void) | null;
}

export function RuleHistory({ versions, onRestore }: RuleHistoryProps) {
  const [shown, setShown] = useState<number | null>(null);
  return (
    <Panel title="Versions">
      <ol className="flex flex-col">
        {versions.map((version, index) => (
          <li key={version.version} className="border-t border-line py-2 first:border-t-0 first:pt-0">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
              <span className="font-medium">Version {version.version}</span>
              {index === 0 && !version.withdrawn ? <Badge tone="settled">newest</Badge> : null}
              {version.withdrawn ? <Badge tone="waiting">withdrawn</Badge> : null}
              <span className="text-ink-muted">
                {version.publishedBy}, <Time at={version.publishedAt} form="stamp" />
              </span>
              <span className="w-full min-w-0 break-words sm:w-auto sm:flex-1">{version.note}</span>
              <Button
                size="small"
                aria-expanded={shown === version.version}
                onClick={() => setShown(shown === version.version ? null : version.version)}
              >
                {index === versions.length - 1 ? "What it says" : "What changed"}
              </Button>
              {onRestore && index > 0 ? (
                <Button size="small" onClick={() => onRestore(version)}>
                  Restore…
                </Button>
              ) : null}
            </div>
            {shown === version.version ? (
              <Diff
                label={`Version ${version.version} beside the one before`}
                lines={diffLines(versions[index + 1]?.text ?? "", version.text)}
              />
            ) : null}
          </li>
        ))}
      </ol>
    </Panel>
  );
}

const SIGNS = { same: " ", added: "+", removed: "−" } as const;
const TONES = { same: "", added: "bg-settled-tint", removed: "bg-broken-tint" } as const;
const SPOKEN = { same: "", added: "added: ", removed: "removed: " } as const;

export function Diff({ label, lines }: { readonly label: string; readonly lines: readonly DiffLine[] }) {
  const isSame = lines.every(({ kind }) => kind === "same");
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls sideways must be reachable by keyboard
      tabIndex={0}
      className="mt-2 max-h-80 overflow-auto rounded-md border border-line bg-canvas py-1"
    >
      {isSame ? <p className="px-3 pb-1 text-xs text-ink-muted">The definition is the same.</p> : null}
      <ol className="font-id w-max min-w-full text-xs leading-5">
        {lines.map(({ kind, text }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of a finished text, and two may be alike
          <li key={index} className={`px-3 whitespace-pre ${TONES[kind]}`}>
            <span aria-hidden className="inline-block w-4 text-ink-muted select-none">
              {SIGNS[kind]}
            </span>
            <span className="sr-only">{SPOKEN[kind]}</span>
            {text}
          </li>
        ))}
      </ol>
    </section>
  );
}
