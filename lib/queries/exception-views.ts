/** Named views of the queue, shared by all who may see it. Table exception_views (0008_exceptions.sql). */
import { randomUUID } from "node:crypto";
import type { Store } from "@/lib/clickhouse/client";
import type { Actor } from "./audit";
import type { FactReader } from "./fact-reader";

export interface ExceptionView {
  readonly id: string;
  readonly name: string;
  /** The query string of the queue's address: "tab=open&class=business". */
  readonly query: string;
  readonly savedBy: string;
  readonly savedAt: string;
}

const VIEWS_MAX = 500;

/** By name. */
export async function listExceptionViews(reader: FactReader): Promise<ExceptionView[]> {
  const rows = await reader.query<{ view_id: string; name: string; query: string; saved_by: string; saved_at: string }>(
    `SELECT view_id, name, query, saved_by, saved_at FROM exception_views FINAL WHERE is_deleted = 0
     ORDER BY lowerUTF8(name), view_id LIMIT ${VIEWS_MAX}`,
  );
  return rows.map(({ view_id: id, name, query, saved_by: savedBy, saved_at: savedAt }) => ({
    id,
    name,
    query,
    savedBy,
    savedAt,
  }));
}

type Saver = { readonly actor: Actor; readonly now: Date };

export async function saveExceptionView(
  store: Pick<Store, "insert">,
  { name, query }: { readonly name: string; readonly query: string },
  saver: Saver,
): Promise<ExceptionView> {
  const view = { id: randomUUID(), name, query, savedBy: saver.actor.name, savedAt: saver.now.toISOString() };
  await append(store, view, false, saver);
  return view;
}

/** False when there is no such view. */
export async function deleteExceptionView(
  store: Pick<Store, "insert"> & FactReader,
  id: string,
  saver: Saver,
): Promise<boolean> {
  const view = (await listExceptionViews(store)).find((each) => each.id === id);
  if (!view) return false;
  await append(store, view, true, saver);
  return true;
}

async function append(
  store: Pick<Store, "insert">,
  { id, name, query }: ExceptionView,
  isDeleted: boolean,
  { actor, now }: Saver,
): Promise<void> {
  await store.insert("exception_views", [
    {
      view_id: id,
      saved_at: now.toISOString(),
      is_deleted: isDeleted ? 1 : 0,
      name,
      query,
      saved_by: actor.name,
      saved_by_id: actor.id,
    },
  ]);
}
