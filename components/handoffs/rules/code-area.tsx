"use client";
import { type RefObject, useRef } from "react";

export interface CodeAreaProps {
  readonly label: string;
  readonly text: string;
  readonly onChange: ((text: string) => void) | null;
  /** From 1. */
  readonly faultyLines: ReadonlySet<number>;
  readonly describedBy?: string | undefined;
  readonly area: RefObject<HTMLTextAreaElement | null>;
}

const LINE = "font-id text-xs leading-5";
const LINES_MIN = 12;

/** Text with line numbers. Tab leaves it: a key that is caught is a trap for whoever has no mouse. */
export function CodeArea({ label, text, onChange, faultyLines, describedBy, area }: CodeAreaProps) {
  const gutter = useRef<HTMLOListElement>(null);
  const count = Math.max(text.split("\n").length, LINES_MIN);
  const follow = () => {
    if (gutter.current && area.current) gutter.current.scrollTop = area.current.scrollTop;
  };
  return (
    <div className="flex max-h-[60vh] min-h-64 overflow-hidden rounded-md border border-control bg-surface focus-within:outline-2 focus-within:outline-accent">
      <ol
        ref={gutter}
        aria-hidden
        className={`${LINE} shrink-0 overflow-hidden border-r border-line bg-sunken py-2 text-right text-ink-muted select-none`}
      >
        {Array.from({ length: count }, (_, index) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
            key={index}
            className={`px-2 ${faultyLines.has(index + 1) ? "bg-broken-tint font-semibold text-broken" : ""}`}
          >
            {index + 1}
          </li>
        ))}
      </ol>
      <textarea
        ref={area}
        aria-label={label}
        aria-invalid={faultyLines.size > 0}
        aria-describedby={describedBy}
        value={text}
        readOnly={onChange === null}
        onChange={(event) => onChange?.(event.currentTarget.value)}
        onScroll={follow}
        rows={count}
        wrap="off"
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        className={`${LINE} min-w-0 flex-1 resize-none overflow-auto bg-transparent p-2 whitespace-pre text-ink outline-none`}
      />
    </div>
  );
}

/** Puts the cursor there and selects the line. */
export function selectLine(area: HTMLTextAreaElement | null, line: number): void {
  if (!area) return;
  const lines = area.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
}
