import { attachmentDisposition } from "@/lib/domain/handoffs/attachment";
import { readAttachmentContent } from "@/lib/queries/attachments";
import { recordAudit } from "@/lib/queries/audit";
import { guardedRoute, otherMethods } from "../../../guarded-route";
import { ApiProblem } from "../../../problem";
import { readAttachmentOperation } from "../../handoff-operations";

export const GET = guardedRoute(readAttachmentOperation, async ({ params, caller, services, now }) => {
  const found = await readAttachmentContent(services.store, params.id ?? "");
  if (!found) throw new ApiProblem(404, "There is no such attachment.");
  const { attachment, content } = found;
  const target = `attachment ${attachment.id}`;
  await recordAudit(services.store, { actor: caller.actor, action: "attachment.viewed", target }, now);
  return new Response(new Uint8Array(content), {
    headers: {
      "content-type": attachment.mediaType,
      "content-disposition": attachmentDisposition(attachment.name),
      "x-content-type-options": "nosniff",
      // Should a browser show it all the same, nothing in it runs.
      "content-security-policy": "sandbox; default-src 'none'",
      "cache-control": "private, no-store",
    },
  });
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
