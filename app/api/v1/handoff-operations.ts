/** Operations by which people and programs act on handoffs. */
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

export const HANDOFF_OPERATIONS = [handoffActOperation] as const;
