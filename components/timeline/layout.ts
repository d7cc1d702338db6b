/**
 * Where the marks of one lane stand. Pure. Traffic that would overlap is drawn as one mark with a count; milestones move
 * to another row first; failures are never hidden behind a count.
 */
import type { TimelineItem } from "./items";

export interface PlacedMark {
  readonly key: string;
  /** More than one item is a cluster. */
  readonly items: readonly TimelineItem[];
  readonly x: number;
  /** Right end: beyond `x` for a bar of attempts. */
  readonly endX: number;
  readonly row: number;
  /** Set where the text has room to its right. */
  readonly label: string | null;
}

export interface LaneLayout {
  readonly marks: readonly PlacedMark[];
  readonly rows: number;
}

export interface LayoutOptions {
  readonly xOf: (atMs: number) => number;
  readonly labelOf: (item: TimelineItem) => string;
  readonly widthPx: number;
  /** Drawn on its own even when it is traffic, so that what is selected can be seen. */
  readonly isPinned: (item: TimelineItem) => boolean;
}

export const MARK_RADIUS_PX = 7;
/** Centres stand at least 24 px apart: the least target size of WCAG 2.2 (2.5.8), as high as a row too. */
const MARK_GAP_PX = 10;
/** A long bar carries its number of attempts to its right. */
const BAR_FIGURE_PX = 12;
const LEAST_BAR_PX = 20;
export const LABEL_GAP_PX = 5;
/** Mean advance of the 11 px interface font; labels that would touch are left out, so a rough measure is enough. */
const CHARACTER_PX = 6;
const ROWS = 3;
const ROWS_FOR_FAILURES = 8;

interface Draft {
  items: TimelineItem[];
  x: number;
  endX: number;
  row: number;
  label: string;
  /** Takes no other item in. */
  readonly lone: boolean;
}

export function layoutLane(items: readonly TimelineItem[], options: LayoutOptions): LaneLayout {
  const visible = items
    .map((item) => extentOf(item, options.xOf))
    .filter(({ x, endX }) => endX >= -MARK_RADIUS_PX && x <= options.widthPx + MARK_RADIUS_PX)
    .sort((a, b) => a.x - b.x);
  const rows: Draft[][] = [];
  for (const { item, x, endX } of visible) place(rows, item, x, endX, options);
  const marks = rows.flatMap((row) => row.map((draft, index) => finish(draft, row[index + 1], options.widthPx)));
  marks.sort((a, b) => a.x - b.x || a.row - b.row);
  return { marks, rows: Math.max(1, rows.length) };
}

/** A bar of attempts keeps room for its figure even when they lie on one pixel. */
function extentOf(item: TimelineItem, xOf: (atMs: number) => number): { item: TimelineItem; x: number; endX: number } {
  const x = xOf(item.fromMs);
  const endX = item.events.length > 1 ? Math.max(xOf(item.toMs), x + LEAST_BAR_PX) : x;
  return { item, x, endX };
}

function place(rows: Draft[][], item: TimelineItem, x: number, endX: number, options: LayoutOptions): void {
  const pinned = options.isPinned(item);
  const lone = item.failed || pinned;
  if (!item.milestone && !lone) {
    const cluster = clusterFor(rows, x);
    if (cluster) {
      join(cluster, item, endX);
      return;
    }
  }
  const row = rowFor(rows, x, lone ? ROWS_FOR_FAILURES : ROWS);
  if (row === null) {
    const cluster = lone ? null : clusterFor(rows, x, true);
    if (cluster) {
      join(cluster, item, endX);
      return;
    }
  }
  const chosen = row ?? rows.length - 1;
  const draft = { items: [item], x, endX, row: chosen, label: options.labelOf(item), lone };
  const target = rows[chosen];
  if (target) target.push(draft);
  else rows.push([{ ...draft, row: rows.length }]);
}

/** The first row whose last label ends before `x`; else the first whose last mark does; null when every row is taken. */
function rowFor(rows: readonly Draft[][], x: number, limit: number): number | null {
  const left = x - MARK_RADIUS_PX - MARK_GAP_PX;
  const free = rows.findIndex((row) => labelEnd(row.at(-1)) <= left);
  if (free !== -1) return free;
  if (rows.length < Math.min(limit, ROWS)) return rows.length;
  const bare = rows.findIndex((row) => markEnd(row.at(-1)) <= left);
  if (bare !== -1) return bare;
  return rows.length < limit ? rows.length : null;
}

function markEnd(draft: Draft | undefined): number {
  if (!draft) return Number.NEGATIVE_INFINITY;
  const bar = draft.items.length === 1 && (draft.items[0]?.events.length ?? 0) > 1;
  return draft.endX + MARK_RADIUS_PX + (bar ? BAR_FIGURE_PX : 0);
}

function labelEnd(draft: Draft | undefined): number {
  if (!draft) return Number.NEGATIVE_INFINITY;
  return draft.items.some((item) => item.milestone) ? markEnd(draft) + labelWidth(draft.label) : markEnd(draft);
}

const labelWidth = (label: string): number => LABEL_GAP_PX + label.length * CHARACTER_PX;

/** The nearest mark to the left that touches `x` and may take it in. */
function clusterFor(rows: readonly Draft[][], x: number, milestones = false): Draft | null {
  for (const row of rows) {
    const last = row.at(-1);
    if (!last || x - last.endX > 2 * MARK_RADIUS_PX + MARK_GAP_PX) continue;
    const open = !last.lone && last.items.every((item) => milestones || !item.milestone);
    if (open) return last;
  }
  return null;
}

function join(cluster: Draft, item: TimelineItem, endX: number): void {
  cluster.items.push(item);
  cluster.endX = Math.max(cluster.endX, endX);
}

function finish(draft: Draft, next: Draft | undefined, widthPx: number): PlacedMark {
  const first = draft.items[0];
  const end = markEnd(draft) + labelWidth(draft.label);
  const room = next === undefined ? widthPx : next.x - MARK_RADIUS_PX;
  const labelled = draft.items.length === 1 && first?.milestone === true && end <= room;
  return {
    key: first?.key ?? "",
    items: draft.items,
    x: draft.x,
    endX: draft.endX,
    row: draft.row,
    label: labelled ? draft.label : null,
  };
}
