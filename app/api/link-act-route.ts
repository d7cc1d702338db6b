/** The two routes by which a person says that a link is wrong, or right after all. */
import type { z } from "zod";
import { type LinkAct, reportLinkAct } from "@/lib/auth/link-acts";
import { objectKey } from "@/lib/domain/object";
import { recordAudit } from "@/lib/queries/audit";
import { readLinksAbove } from "@/lib/queries/links";
import { guardedRoute } from "./guarded-route";
import { ApiProblem } from "./problem";
import type { retractLinkOperation } from "./v1/operations";
import type { linkAct } from "./v1/schemas";

type LinkActOperation = Omit<typeof retractLinkOperation, "id" | "path" | "summary" | "description"> & {
  readonly id: string;
  readonly path: string;
  readonly summary: string;
};

export const linkActRoute = (operation: LinkActOperation, type: LinkAct["type"]) =>
  guardedRoute(operation, async ({ body, caller, services, now }) => {
    const { child, parent, reason }: z.output<typeof linkAct> = body;
    const statements = await readLinksAbove(services.store, [objectKey(child)], null);
    if (!statements.some((statement) => objectKey(statement.parent) === objectKey(parent))) {
      throw new ApiProblem(404, "No event ever said that this child belongs to this parent.");
    }
    // Before the act: an act without its entry must not be possible; an entry whose act failed says so by the next one.
    await recordAudit(
      services.store,
      {
        actor: caller.actor,
        action: type,
        target: `link ${child.type} ${child.id} → ${parent.type} ${parent.id}`,
        details: { child, parent, reason },
      },
      now,
    );
    const act: LinkAct = { type, child, parent, reason, actor: caller.actor };
    const reported = await reportLinkAct(act, { ...services, now });
    if (reported.state === "stored") return { event: reported.event };
    if (reported.state === "away") throw new ApiProblem(503, reported.detail, { headers: { "retry-after": "5" } });
    throw new ApiProblem(502, reported.detail);
  });
