/** "reason: wrong label · child: shipment SH-1". Pure. What was not given is left out. */
export const detailsText = (details: Readonly<Record<string, unknown>>): string =>
  Object.entries(details)
    .filter(([, value]) => value !== null && value !== "")
    .map(([name, value]) => `${name}: ${valueText(value)}`)
    .join(" · ");

function valueText(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.map(valueText).join(", ");
  return isObjectRef(value) ? `${value.type} ${value.id}` : JSON.stringify(value);
}

const isObjectRef = (value: unknown): value is { type: string; id: string } =>
  typeof value === "object" &&
  value !== null &&
  Object.keys(value).length === 2 &&
  "type" in value &&
  typeof value.type === "string" &&
  "id" in value &&
  typeof value.id === "string";
