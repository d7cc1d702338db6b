/** What may be attached to a decision: kinds of files, their size, and names that are safe to show and to save. Pure. */

export const ATTACHMENT_BYTES_MAX = 5 * 1024 * 1024;
export const ATTACHMENTS_PER_ACT_MAX = 20;
const NAME_CHARS_MAX = 200;

/** Media type → how its content begins. Null: text in any encoding, which holds no NUL. Nothing that a browser would run is among them. */
const ATTACHMENT_TYPES: ReadonlyMap<string, readonly number[] | null> = new Map([
  ["application/pdf", [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ["image/png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ["image/jpeg", [0xff, 0xd8, 0xff]],
  ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", [0x50, 0x4b, 0x03, 0x04]],
  ["text/csv", null],
  ["text/plain", null],
  ["message/rfc822", null],
]);

export const ATTACHMENT_MEDIA_TYPES: readonly string[] = [...ATTACHMENT_TYPES.keys()];

/** "application/pdf; charset=x" → "application/pdf"; null when files of that type are not taken. */
export function attachmentMediaType(contentType: string | null): string | null {
  const type = contentType?.split(";")[0]?.trim().toLowerCase() ?? "";
  return ATTACHMENT_MEDIA_TYPES.includes(type) ? type : null;
}

/** Whether the content is what its type says, so far as its first bytes tell. */
export function looksLike(mediaType: string, content: Uint8Array): boolean {
  const beginning = ATTACHMENT_TYPES.get(mediaType);
  if (beginning === undefined) return false;
  return beginning === null ? !content.includes(0) : beginning.every((byte, index) => content[index] === byte);
}

/** The last part of a path, without control, direction-changing and reserved characters; "file" when nothing is left. */
export function attachmentName(given: string): string {
  const last = given.toWellFormed().split(/[/\\]/).at(-1) ?? "";
  const kept = last
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}<>:"|?*]/gu, "")
    .replace(/^[.\s]+/, "")
    .trim();
  return [...kept].slice(0, NAME_CHARS_MAX).join("") || "file";
}

/** `Content-Disposition` (RFC 6266): saved, never shown in place. The plain form holds ASCII only; the other form holds the name as it is. */
export function attachmentDisposition(name: string): string {
  const ascii = name.replaceAll(/[^\x20-\x7e]/g, "_").replaceAll(/["\\%]/g, "_");
  const extended = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${extended}`;
}
