/** Files that belong to a decision: by content, so that the same file is there once. Table attachments (0006_handoffs.sql). */
import { createHash } from "node:crypto";
import type { Store } from "@/lib/clickhouse/client";
import type { FactReader } from "./fact-reader";

export interface Attachment {
  /** SHA-256 of the content, hexadecimal. */
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly addedAt: string;
  readonly addedBy: string;
}

interface AttachmentRow {
  attachment_id: string;
  name: string;
  media_type: string;
  bytes: string;
  added_at: string;
  added_by: string;
}

const COLUMNS = "attachment_id, name, media_type, bytes, added_at, added_by";

export interface NewAttachment {
  readonly name: string;
  readonly mediaType: string;
  readonly content: Buffer;
  readonly addedBy: string;
}

export const attachmentIdOf = (content: Buffer): string => createHash("sha256").update(content).digest("hex");

/** Stored when it resolves. Content that is there already keeps its first name, type and time. */
export async function addAttachment(store: Store, added: NewAttachment, now: Date): Promise<Attachment> {
  const id = attachmentIdOf(added.content);
  const [known] = await readAttachments(store, [id]);
  if (known) return known;
  const row: AttachmentRow = {
    attachment_id: id,
    name: added.name,
    media_type: added.mediaType,
    bytes: String(added.content.length),
    added_at: now.toISOString(),
    added_by: added.addedBy,
  };
  await store.insert("attachments", [{ ...row, content: added.content.toString("base64") }]);
  return attachmentOf(row);
}

/** Without content. What is not there is left out. */
export async function readAttachments(reader: FactReader, ids: readonly string[]): Promise<Attachment[]> {
  if (ids.length === 0) return [];
  const rows = await reader.query<AttachmentRow>(
    `SELECT ${COLUMNS} FROM attachments WHERE attachment_id IN {ids:Array(String)}
     ORDER BY attachment_id, added_at LIMIT 1 BY attachment_id`,
    { ids: [...ids] },
  );
  return rows.map(attachmentOf);
}

export async function findMissingAttachments(reader: FactReader, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set((await readAttachments(reader, ids)).map(({ id }) => id));
  return new Set(ids.filter((id) => !found.has(id)));
}

export async function readAttachmentContent(
  reader: FactReader,
  id: string,
): Promise<{ readonly attachment: Attachment; readonly content: Buffer } | null> {
  const [row] = await reader.query<AttachmentRow & { content: string }>(
    `SELECT ${COLUMNS}, content FROM attachments WHERE attachment_id = {id:String} ORDER BY added_at LIMIT 1`,
    { id },
  );
  return row ? { attachment: attachmentOf(row), content: Buffer.from(row.content, "base64") } : null;
}

const attachmentOf = (row: AttachmentRow): Attachment => ({
  id: row.attachment_id,
  name: row.name,
  mediaType: row.media_type,
  bytes: Number(row.bytes),
  addedAt: row.added_at,
  addedBy: row.added_by,
});
