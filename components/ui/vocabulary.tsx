"use client";
/** The names of systems and object types as this company declared them, for every component below. */
import { createContext, type ReactNode, useContext, useMemo } from "react";
import { type System, type SystemKind, systemKind, systemName, systemOf } from "@/lib/domain/system";

/** What crosses from the server: plain data, in the shape of the two declarations. */
export interface VocabularyData {
  readonly systems: readonly (Pick<System, "id" | "name" | "kind"> & { readonly prefix: string | null })[];
  /** Object type → label. */
  readonly objectLabels: Readonly<Record<string, string>>;
}

export interface Vocabulary {
  readonly system: (source: string) => string;
  readonly kindOf: (source: string) => SystemKind;
  readonly isDeclared: (source: string) => boolean;
  readonly object: (type: string) => string;
}

const VocabularyContext = createContext<Vocabulary | null>(null);

export function useVocabulary(): Vocabulary {
  const vocabulary = useContext(VocabularyContext);
  if (!vocabulary) throw new Error("useVocabulary needs a VocabularyProvider above it");
  return vocabulary;
}

export function vocabularyOf(data: VocabularyData): Vocabulary {
  const systems = data.systems.map((entry) => ({ ...entry, identifiers: {} }));
  const registry = {
    exact: new Map(systems.filter((system) => system.prefix === null).map((system) => [system.id, system])),
    families: systems.flatMap((system) => (system.prefix === null ? [] : [{ prefix: system.prefix, system }])),
  };
  return {
    system: (source) => systemName(registry, source),
    kindOf: (source) => systemKind(registry, source),
    isDeclared: (source) => systemOf(registry, source) !== null,
    object: (type) => data.objectLabels[type] ?? plainWords(type),
  };
}

/** "goods_receipt" → "Goods receipt". */
export function plainWords(name: string): string {
  const words = name.replaceAll(/[_-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function VocabularyProvider({
  data,
  children,
}: {
  readonly data: VocabularyData;
  readonly children: ReactNode;
}) {
  const value = useMemo(() => vocabularyOf(data), [data]);
  return <VocabularyContext value={value}>{children}</VocabularyContext>;
}
