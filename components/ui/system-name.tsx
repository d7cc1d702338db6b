"use client";
import { useVocabulary } from "./vocabulary";

/** A system as this company calls it. */
export function SystemName({ source }: { readonly source: string }) {
  return useVocabulary().system(source);
}
