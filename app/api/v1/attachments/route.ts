import {
  ATTACHMENT_BYTES_MAX,
  ATTACHMENT_MEDIA_TYPES,
  attachmentMediaType,
  attachmentName,
  looksLike,
} from "@/lib/domain/handoffs/attachment";
import { addAttachment, attachmentIdOf } from "@/lib/queries/attachments";
import { recordAudit } from "@/lib/queries/audit";
import { guardedRoute, otherMethods } from "../../guarded-route";
import { ApiProblem } from "../../problem";
import { readBytes } from "../../request-input";
import { addAttachmentOperation } from "../handoff-operations";

export const POST = guardedRoute(addAttachmentOperation, async ({ request, query, caller, services, now }) => {
  const mediaType = attachmentMediaType(request.headers.get("content-type"));
  if (mediaType === null) throw new ApiProblem(415, `Attach files of type ${ATTACHMENT_MEDIA_TYPES.join(", ")}.`);
  const content = await readBytes(request, ATTACHMENT_BYTES_MAX);
  if (content.length === 0 || !looksLike(mediaType, content))
    throw new ApiProblem(415, `The file is empty or its content is not ${mediaType}.`);
  const name = attachmentName(query.name);
  const details = { name, mediaType, bytes: content.length };
  const target = `attachment ${attachmentIdOf(content)}`;
  await recordAudit(services.store, { actor: caller.actor, action: "attachment.added", target, details }, now);
  return addAttachment(services.store, { name, mediaType, content, addedBy: caller.actor.name }, now);
});

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
