import { fileURLToPath } from "node:url";
import { buildApp, isBuildCurrent } from "@/scripts/start/app-build";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Once for all browser tests, before any of them: two builds at a time would write into one folder. Nothing when the build is fresh. */
export default async function setup(): Promise<void> {
  if (isBuildCurrent(ROOT)) return;
  await buildApp(ROOT, { ...process.env, NODE_ENV: "production" }, new AbortController().signal);
}
