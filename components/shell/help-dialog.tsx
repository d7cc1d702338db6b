"use client";
import { Dialog } from "@/components/ui/dialog";

const KEYS: readonly (readonly [string, string])[] = [
  ["/ or ⌘K", "Search any number"],
  ["j  k", "Next and previous row"],
  ["x", "Select the row, where rows can be selected"],
  ["Enter", "Open the row"],
  ["a  e  r", "Among exceptions: assign, resolve, plan a replay of the row or of what is selected"],
  ["← →", "Switch tabs; on the swimlanes, move from mark to mark"],
  ["+ − 0", "Zoom the swimlanes in, out, and fit"],
  ["Esc", "Close what is open"],
  ["?", "This help"],
];

export function HelpDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} title="Keys and help">
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2 text-sm">
        {KEYS.map(([key, meaning]) => (
          <div key={key} className="contents">
            <dt className="font-id text-ink-muted">{key}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-4 text-sm text-ink-muted">
        Every address reproduces what you see: copy it to show a colleague the same view.
      </p>
    </Dialog>
  );
}
