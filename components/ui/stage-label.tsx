import { Badge, type BadgeTone } from "./badge";

/** A stage in words with its tone: partial asks for attention, the rest is progress. */
export function StageLabel({ stage }: { readonly stage: string }) {
  return <Badge tone={toneOf(stage)}>{stage}</Badge>;
}

function toneOf(stage: string): BadgeTone {
  if (stage.startsWith("Partially")) return "attention";
  if (stage === "Cancelled" || stage === "Unknown") return "waiting";
  if (stage === "Delivered" || stage === "Invoiced" || stage === "Paid") return "settled";
  return "accent";
}
