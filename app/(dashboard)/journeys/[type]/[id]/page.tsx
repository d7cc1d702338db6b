import type { Metadata } from "next";
import { clipped } from "@/components/ui/clipped";
import { decodeSegment } from "@/components/ui/href";
import { requirePermission } from "@/lib/auth/require-permission";
import { JourneyPage } from "../../../journey-page";

interface Props {
  readonly params: Promise<{ type: string; id: string }>;
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: clipped(decodeSegment((await params).id)) };
}

export default async function ObjectPage({ params, searchParams }: Props) {
  const person = await requirePermission("journey:view");
  const { type, id } = await params;
  return (
    <JourneyPage type={decodeSegment(type)} id={decodeSegment(id)} parameters={await searchParams} person={person} />
  );
}
