import type { Metadata } from "next";
import { clipped } from "@/components/ui/clipped";
import { decodeSegment } from "@/components/ui/href";
import { requirePermission } from "@/lib/auth/require-permission";
import { JourneyPage } from "../../journey-page";

interface Props {
  readonly params: Promise<{ id: string }>;
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: clipped(decodeSegment((await params).id)) };
}

export default async function OrderPage({ params, searchParams }: Props) {
  const person = await requirePermission("journey:view");
  return (
    <JourneyPage type="order" id={decodeSegment((await params).id)} parameters={await searchParams} person={person} />
  );
}
