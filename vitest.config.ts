import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const TESTS = ["**/*.test.ts", "**/*.test.tsx"];
const ELSEWHERE = ["node_modules/**", ".next/**", "tests/kafka/**", "tests/bench/**"];
const TIMEOUTS = { testTimeout: 60_000, hookTimeout: 180_000 };

// One process per test file: a chDB data folder belongs to one process, and files start their own.
// Two at a time, because the target machine has two cores.
export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL(".", import.meta.url)) } },
  test: {
    pool: "forks",
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: "node", include: TESTS, exclude: [...ELSEWHERE, "tests/e2e/**"], ...TIMEOUTS } },
      {
        extends: true,
        test: { name: "browser", include: ["tests/e2e/**/*.test.ts"], globalSetup: "tests/e2e/build.ts", ...TIMEOUTS },
      },
    ],
  },
});
