import { describe, expect, it } from "vitest";
import { readJourney } from "@/lib/queries/journey";
import { simulate } from "@/sandbox/simulation";
import { startTestStore } from "./embedded-store";
import { openTestPipeline, rules } from "./test-pipeline";

describe("the simulated enterprise", () => {
  it.each([7, 4711])(
    "at seed %i gives every root exactly the events that its truth says",
    { timeout: 240_000 },
    async (seed) => {
      const fresh = await startTestStore();
      try {
        const { feed, truth } = simulate({ orders: 400, days: 5, seed });
        const pipeline = await openTestPipeline(fresh.store);
        await pipeline.takeEvents(feed.map(({ event }) => event));
        await pipeline.close();
        let correct = 0;
        let shown = 0;
        let expected = 0;
        const wrong: string[] = [];
        for (let start = 0; start < truth.roots.length; start += 8) {
          const group = truth.roots.slice(start, start + 8);
          const journeys = await Promise.all(
            group.map(({ type, id }) => readJourney(fresh.store, rules, { type, id })),
          );
          for (const [index, root] of group.entries()) {
            const due = new Set(root.events.map(({ source, id }) => `${source} ${id}`));
            const found = new Set(journeys[index]?.events.map(({ source, id }) => `${source} ${id}`));
            const common = [...due].filter((key) => found.has(key)).length;
            if (common !== due.size || common !== found.size) wrong.push(`${root.type} ${root.id}`);
            correct += common;
            shown += found.size;
            expected += due.size;
          }
        }
        console.info(
          `seed ${seed}: ${truth.roots.length} roots, ${expected} events, precision ${correct / shown}, recall ${correct / expected}`,
        );
        expect({ wrong, precision: correct / shown, recall: correct / expected }).toEqual({
          wrong: [],
          precision: 1,
          recall: 1,
        });
        const [counted] = await fresh.store.query<{ rows: number }>(
          "SELECT toUInt32(count()) AS rows FROM journeys FINAL",
        );
        expect(counted?.rows).toBe(truth.roots.length);
      } finally {
        await fresh.stop();
      }
    },
  );
});
