import { existsSync } from "node:fs";
import { createStore } from "@/lib/clickhouse/client";
import { createSignInLink } from "@/lib/auth/sign-in-links";
import { createUser } from "@/lib/queries/users";
import { openBrowser } from "@/tests/e2e/browser";
const origin = "http://localhost:23000";
const [role = "finance", ...rest] = process.argv.slice(2);
const { browser, visitor: { page, complaints } } = await openBrowser();
const state = `/tmp/wb/${role}.json`;
if (existsSync(state)) {
  const c = JSON.parse((await import("node:fs")).readFileSync(state, "utf8"));
  await page.context().addCookies(c);
} else {
  const store = createStore({ url: "http://127.0.0.1:28123" });
  const now = new Date();
  const user = await createUser(store, { name: `Test ${role}`, email: "", role: role as never, createdBy: "test" }, now);
  const link = await createSignInLink(store, { userId: user.id, origin, createdBy: "test", now });
  await page.goto(link, { timeout: 120000 });
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((u) => !u.pathname.startsWith("/sign-in"), { timeout: 120000 });
  (await import("node:fs")).writeFileSync(state, JSON.stringify(await page.context().cookies()));
  await store.close();
}
for (const spec of rest) {
  const [path = "/", name = "shot", width = "1280", theme = "light", height = "900"] = spec.split("|");
  await page.setViewportSize({ width: Number(width), height: Number(height) });
  await page.context().addCookies([{ name: "throughline-theme", value: theme, url: origin }]);
  const t = Date.now();
  await page.goto(origin + path, { timeout: 180000, waitUntil: "load" });
  await page.getByRole("heading", { level: 1 }).waitFor({ state: "attached", timeout: 60000 });
  await page.waitForTimeout(800);
  await page.screenshot({ path: `/tmp/wb/${name}.png`, fullPage: height === "full" || process.env.FULL === "1" });
  console.log(await page.evaluate(() => { const w = document.documentElement.clientWidth; return [...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > w + 1 && !e.closest("section[tabindex]")).slice(0,6).map(e => e.tagName + "." + e.className.toString().slice(0,60) + " " + Math.round(e.getBoundingClientRect().right)); }));
  console.log(path, Date.now() - t, "ms", await page.evaluate(() => document.documentElement.scrollWidth));
}
console.log(complaints);
await browser.close();
