/** The order systems are shown in everywhere: as goods and money flow. Pure. */
import type { SystemKind } from "@/lib/domain/system";
import type { Vocabulary } from "./vocabulary";

const FLOW: readonly SystemKind[] = ["channel", "oms", "middleware", "gateway", "wms", "carrier", "erp", "other"];

export const inFlow = (sources: readonly string[], vocabulary: Pick<Vocabulary, "kindOf" | "system">): string[] =>
  [...sources].sort(
    (a, b) =>
      FLOW.indexOf(vocabulary.kindOf(a)) - FLOW.indexOf(vocabulary.kindOf(b)) ||
      vocabulary.system(a).localeCompare(vocabulary.system(b)),
  );
