import { expect, test } from "vitest";
import { placeLabels } from "@/components/timeline/ghost-labels";

const ghost = (key: string, x: number, text: string, y = 100) => ({ key, at: { x, y }, text });
const LATE = "Shipment → goods issue · 4 d 7 h late";

test("a lone ghost writes its name towards the middle of the chart", () => {
  expect(placeLabels([ghost("left", 100, LATE)], 900).get("left")?.leftwards).toBe(false);
  expect(placeLabels([ghost("right", 800, LATE)], 900).get("right")?.leftwards).toBe(true);
});

test("two ghosts whose names would meet between them do not write over each other", () => {
  const labels = placeLabels([ghost("first", 300, LATE), ghost("second", 600, LATE)], 900);
  expect(labels.get("first")?.leftwards).toBe(false);
  expect(labels.get("second")?.leftwards).toBe(false);
});

test("a name that fits on neither side is left out", () => {
  const labels = placeLabels([ghost("a", 130, LATE), ghost("b", 150, LATE), ghost("c", 170, LATE)], 300);
  expect([...labels.keys()]).toEqual([]);
});

test("names in different rows do not hinder each other", () => {
  const labels = placeLabels([ghost("a", 300, LATE, 100), ghost("b", 320, LATE, 200)], 900);
  expect([...labels.keys()]).toEqual(["a", "b"]);
});
