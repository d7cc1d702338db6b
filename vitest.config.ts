import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// One process per test file: a chDB data folder belongs to one process, and files start their own.
// Two at a time, because the target machine has two cores.
export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL(".", import.meta.url)) } },
  test: {
    include: ["**/*.test.ts", "**/*.test.tsx"],
    exclude: ["node_modules/**", ".next/**", "tests/kafka/**", "tests/bench/**"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 180_000,
  },
});
