"use client";
import { useLiveRefresh } from "@/components/ui/live-refresh";

/** Reads the page again when handoffs that match the filter change. */
export const useLiveHandoffs = (filter: string): void =>
  useLiveRefresh(`/api/v1/handoffs/live${filter === "" ? "" : `?${filter}`}`);
