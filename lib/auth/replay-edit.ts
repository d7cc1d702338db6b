/** An edited payload: made from the original as it is stored, readable, and as the interface's contract wants it. The original stays as it is. */
import { Ajv2020, type ErrorObject } from "ajv/dist/2020";
import type { ListedException } from "@/lib/domain/exceptions/exception";
import type { Interface } from "@/lib/domain/interface";
import type { ReplayItem } from "@/lib/domain/replay/job";
import { bodyHash, bodyText } from "@/lib/domain/replay/plan";
import { readEvent } from "@/lib/queries/event";
import type { Services } from "@/lib/services";
import type { Fault } from "./handoff-acts";

export interface EditRequest {
  readonly body: string;
  /** SHA-256 (hex) of the original body as the person saw it; without it, of the one that is stored. */
  readonly of?: string | undefined;
}

export type CheckedEdit =
  | { readonly state: "fits"; readonly edit: NonNullable<ReplayItem["edit"]> }
  | { readonly state: "invalid"; readonly faults: readonly Fault[] }
  | { readonly state: "conflict"; readonly detail: string };

interface EditServices extends Pick<Services, "store" | "interfaces" | "maskPersonalData"> {
  readonly seesPersonalData: boolean;
}

export async function checkEdit(
  { body, of }: EditRequest,
  exception: ListedException | undefined,
  services: EditServices,
): Promise<CheckedEdit> {
  const { store, interfaces, maskPersonalData, seesPersonalData } = services;
  const { failedEvent } = exception ?? {};
  const event = failedEvent ? await readEvent(store, failedEvent.source, failedEvent.id) : null;
  const original = event === null ? undefined : bodyOf(event.payload);
  if (!exception || original === undefined)
    return faulty("edit", "there is no message to edit: no failure of this exception carries its body");
  const text = bodyText(original);
  // Who edits what they see masked would send the mask.
  if (!seesPersonalData && bodyText(maskPersonalData(original)) !== text)
    return faulty(
      "edit",
      "the message holds personal data that you may not see, so you cannot edit it; somebody with personal-data:view can",
    );
  if (of !== undefined && of !== bodyHash(text))
    return {
      state: "conflict",
      detail: "The message that failed last is another than the one you edited. Look again.",
    };
  const faults = faultsOfBody(body, text, interfaces.get(exception.interface)?.contract);
  return faults.length > 0 ? { state: "invalid", faults } : { state: "fits", edit: { body, of: bodyHash(text) } };
}

const faulty = (path: string, message: string): CheckedEdit => ({ state: "invalid", faults: [{ path, message }] });

function bodyOf(payload: string): unknown {
  const event = JSON.parse(payload) as { data?: { message?: { body?: unknown } } };
  return event.data?.message?.body;
}

/** Paths lead into the body: "edit.body.lines.0.quantity". */
export function faultsOfBody(body: string, original: string, contract: Interface["contract"]): Fault[] {
  const json = parse(body);
  // What was JSON must stay JSON; of other formats we know no contract.
  const mustBeJson = contract !== undefined || parse(original).state === "read";
  if (json.state === "unreadable")
    return mustBeJson ? [{ path: "edit.body", message: `is not valid JSON: ${json.detail}` }] : [];
  if (contract === undefined) return [];
  const { $schema: _, ...schema } = contract;
  // Not strict: a contract may hold words of its owner's own.
  const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false, logger: false });
  const validate = ajv.compile(schema);
  if (validate(json.value)) return [];
  return (validate.errors ?? []).slice(0, 50).map(faultOf);
}

function faultOf({ instancePath, message = "does not fit", params, keyword }: ErrorObject): Fault {
  const path = ["edit.body", ...instancePath.split("/").slice(1)].join(".").replaceAll("~1", "/").replaceAll("~0", "~");
  if (keyword === "additionalProperties")
    return { path: `${path}.${String(params.additionalProperty)}`, message: "is not in the contract" };
  if (keyword === "required") return { path: `${path}.${String(params.missingProperty)}`, message: "is missing" };
  if (keyword === "enum" || keyword === "const")
    return { path, message: `${message}: ${JSON.stringify(params.allowedValues ?? params.allowedValue)}` };
  return { path, message };
}

function parse(text: string): { state: "read"; value: unknown } | { state: "unreadable"; detail: string } {
  try {
    return { state: "read", value: JSON.parse(text) as unknown };
  } catch (error) {
    return { state: "unreadable", detail: error instanceof Error ? error.message : "unreadable" };
  }
}
