"use client";
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { useToast } from "./toast";

const CONFIRMED_MS = 1_500;

export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [copied, setCopied] = useState(false);
  const toast = useToast();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      setTimeout(() => setCopied(false), CONFIRMED_MS);
    } catch {
      // The browser refuses without a secure origin or a permission; the text is on screen to be selected.
      toast({ tone: "broken", text: `The browser did not allow copying. Select ${text} and copy it by hand.` });
    }
  };
  return (
    <button
      type="button"
      onClick={copy}
      aria-label={copied ? `${label} copied` : `Copy ${label}`}
      title={copied ? "Copied" : "Copy"}
      className="inline-flex size-5 shrink-0 items-center justify-center rounded text-ink-faint hover:bg-hover hover:text-ink"
    >
      {copied ? <Check aria-hidden className="size-3.5 text-settled" /> : <Copy aria-hidden className="size-3.5" />}
    </button>
  );
}
