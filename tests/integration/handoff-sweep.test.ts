import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readDue } from "@/ingest/sweep";
import { startTestStore, type TestStore } from "./embedded-store";
import { handoffRow } from "./handoff-rows";

let test: TestStore;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test?.stop());

describe("the sweep", () => {
  it("finds what fell due in its window and is still open, once each, with the state it became", async () => {
    const due = (id: string, dueAt: string, changes = {}) => handoffRow(id, { due_at: dueAt, ...changes });
    await test.store.insert("handoffs", [
      due("AT-START", "2026-11-25T10:00:00.000Z"),
      due("LATE", "2026-11-25T10:00:00.001Z"),
      due("PARTIAL", "2026-11-25T10:30:00.000Z", { state_when_due: "mismatched" }),
      due("AT-END", "2026-11-25T11:00:00.000Z"),
      due("AFTER", "2026-11-25T11:00:00.001Z"),
      due("SETTLED", "2026-11-25T10:20:00.000Z"),
      due("MOVED", "2026-11-25T10:20:00.000Z"),
    ]);
    await test.store.insert("handoffs", [
      due("SETTLED", "2026-11-25T10:20:00.000Z", { state: "matched", state_when_due: "matched" }),
      due("MOVED", "2026-11-26T10:20:00.000Z"),
    ]);
    const found = await readDue(test.store, "2026-11-25T10:00:00.000Z", "2026-11-25T11:00:00.000Z");
    expect(found.due.map(({ keyId, state }) => [keyId, state])).toEqual([
      ["LATE", "late"],
      ["PARTIAL", "mismatched"],
      ["AT-END", "late"],
    ]);
  });
});
