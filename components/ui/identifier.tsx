"use client";
import Link from "next/link";
import type { ObjectRef } from "@/lib/domain/object";
import { CopyButton } from "./copy-button";
import { journeyHref } from "./href";
import { LinkPending } from "./link-pending";
import { useVocabulary } from "./vocabulary";

export interface IdentifierProps {
  readonly object: ObjectRef;
  /** Also says what it is: "Shipment SH-77". */
  readonly typed?: boolean;
  readonly copy?: boolean;
  readonly className?: string;
}

/** One number: a link to its journey, and a button that copies it. */
export function Identifier({ object, typed = false, copy = true, className = "" }: IdentifierProps) {
  const vocabulary = useVocabulary();
  const label = vocabulary.object(object.type);
  return (
    <span className={`inline-flex max-w-full items-center gap-1 ${className}`}>
      {typed ? <span className="shrink-0 text-ink-muted">{label}</span> : null}
      <Link
        href={journeyHref(object)}
        prefetch={false}
        title={`${label} ${object.id}`}
        className="font-id truncate rounded-sm text-accent underline-offset-2 hover:underline"
      >
        {object.id}
        <LinkPending />
      </Link>
      {copy ? <CopyButton text={object.id} label={`${label} ${object.id}`} /> : null}
    </span>
  );
}
