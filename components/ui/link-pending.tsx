"use client";
import { LoaderCircle } from "lucide-react";
import { useLinkStatus } from "next/link";

/** Inside a link: turns while the page it leads to is being read. Takes no room, so nothing moves when it appears. */
export function LinkPending() {
  const { pending } = useLinkStatus();
  if (!pending) return null;
  return (
    <span className="relative inline-block w-0 align-middle">
      <LoaderCircle aria-hidden className="absolute -top-1.5 left-1 size-3 animate-spin" />
      <span role="status" className="sr-only">
        Opening
      </span>
    </span>
  );
}
