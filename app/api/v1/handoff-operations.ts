/** Operations by which people and programs act on handoffs. */
import { ATTACHMENT_BYTES_MAX, ATTACHMENT_MEDIA_TYPES } from "@/lib/domain/handoffs/attachment";
import { BULK_KEYS_MAX } from "@/lib/domain/handoffs/bulk";
import { operation } from "../operation";
import * as schemas from "./handoff-act-schemas";

export const handoffActOperation = operation({
  id: "actOnHandoff",
  method: "POST",
  path: "/api/v1/handoffs/{rule}/{keyType}/{keyId}/actions",
  permission: "reconciliation:act",
  summary: "Accept, match or reopen a handoff; approve or refuse such an act",
  description:
    "An act holds as long as the events of both sides stay the same. 409 when there is nothing to decide, or when things have changed since. `approve` and `refuse` need the permission `reconciliation:approve`, and another person than the one who acted; no token has it.",
  parameters: {
    rule: "The rule: `goods-issue`",
    keyType: "Type of the key: `shipment`",
    keyId: "Its number, percent-encoded",
  },
  body: schemas.handoffAct,
  answer: {
    status: 202,
    description: "Stored as a fact; the handoff follows within moments",
    schema: schemas.handoffActAnswer,
  },
  problems: [404, 409, 413, 415, 502, 503],
});

export const planBulkOperation = operation({
  id: "planBulkDecision",
  method: "POST",
  path: "/api/v1/handoffs/bulk-plans",
  permission: "reconciliation:act",
  summary: "Plan one decision about many handoffs",
  description: `Says what would be decided and what is skipped, and why; decides nothing. What needs a second person is skipped. At most ${BULK_KEYS_MAX} handoffs, the first by rule and key.`,
  body: schemas.bulkPlanRequest,
  answer: { status: 200, description: "The plan, kept as it is", schema: schemas.bulkPlanAnswer },
  problems: [413, 415],
});

export const carryOutBulkOperation = operation({
  id: "carryOutBulkDecision",
  method: "POST",
  path: "/api/v1/handoffs/bulk-plans/{id}/execute",
  permission: "reconciliation:act",
  summary: "Carry out a plan as it was shown",
  description:
    "Only by whoever made it. What has changed since the plan is skipped. Carried out again, what is done stays done once, and what failed is tried again.",
  parameters: { id: "The plan" },
  answer: { status: 200, description: "One result per handoff", schema: schemas.bulkResultAnswer },
  problems: [404, 409],
});

export const listAcceptancesOperation = operation({
  id: "listStandingAcceptances",
  method: "GET",
  path: "/api/v1/standing-acceptances",
  permission: "reconciliation:view",
  summary: "What is accepted always, newest first, with what is over",
  answer: { status: 200, description: "All of them", schema: schemas.standingAcceptanceList },
});

const acceptanceParts = { method: "POST", permission: "reconciliation:accept-always" } as const;

export const createAcceptanceOperation = operation({
  ...acceptanceParts,
  id: "createStandingAcceptance",
  path: "/api/v1/standing-acceptances",
  summary: "Accept always: breaks of a kind, up to an amount, until a day",
  description:
    "Covers what is open now and what arises before it expires. Its amount cannot be above that from which on a second person must look.",
  body: schemas.standingAcceptanceDraft,
  answer: { status: 202, description: "Stored; handoffs follow within moments", schema: schemas.standingAcceptance },
  problems: [413, 415],
});

export const previewAcceptanceOperation = operation({
  ...acceptanceParts,
  id: "previewStandingAcceptance",
  path: "/api/v1/standing-acceptances/preview",
  summary: "How many open breaks a standing acceptance would accept now",
  body: schemas.standingAcceptanceDraft,
  answer: { status: 200, description: "Count and stake", schema: schemas.acceptancePreview },
  problems: [413, 415],
});

export const withdrawAcceptanceOperation = operation({
  ...acceptanceParts,
  id: "withdrawStandingAcceptance",
  path: "/api/v1/standing-acceptances/{id}/withdraw",
  summary: "End a standing acceptance now; what arose before stays accepted",
  parameters: { id: "The standing acceptance" },
  body: schemas.reasonOnly,
  answer: { status: 202, description: "Stored; handoffs follow within moments", schema: schemas.standingAcceptance },
  problems: [404, 413, 415],
});

export const addAttachmentOperation = operation({
  id: "addAttachment",
  method: "POST",
  path: "/api/v1/attachments",
  permission: "reconciliation:act",
  summary: "Upload a file that a decision rests on",
  description: `The body is the file as it is, at most ${ATTACHMENT_BYTES_MAX / 1024 / 1024} MiB. The same content is there once, under its first name.`,
  query: schemas.attachmentQuery,
  upload: { mediaTypes: ATTACHMENT_MEDIA_TYPES },
  answer: { status: 200, description: "Name its id in the act's `attachments`", schema: schemas.attachment },
  problems: [413, 415],
});

export const readAttachmentOperation = operation({
  id: "readAttachment",
  method: "GET",
  path: "/api/v1/attachments/{id}",
  permission: "reconciliation:view",
  summary: "Download an attachment",
  description: "Each download is audited.",
  parameters: { id: "SHA-256 of the content" },
  answer: { status: 200, description: "The file", contentType: "application/octet-stream" },
  problems: [404],
});

export const HANDOFF_OPERATIONS = [
  handoffActOperation,
  planBulkOperation,
  carryOutBulkOperation,
  listAcceptancesOperation,
  createAcceptanceOperation,
  previewAcceptanceOperation,
  withdrawAcceptanceOperation,
  addAttachmentOperation,
  readAttachmentOperation,
] as const;
