/** A browser with one page, and what it complained of. */
import { existsSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import bundledChromium from "@sparticuz/chromium";
import { type Browser, chromium, type Page } from "playwright";

export interface Visitor {
  readonly page: Page;
  /** Console errors and uncaught exceptions. Tests expect it to be empty. */
  readonly complaints: string[];
}

/** A browser each: the bundled Chromium runs as one process, in which contexts share their cookies. */
export async function openBrowser(): Promise<{ readonly browser: Browser; readonly visitor: Visitor }> {
  const browser = await chromium.launch({
    executablePath: await executablePath(),
    args: [...bundledChromium.args, "--no-sandbox", "--disable-background-networking"],
  });
  // Far from the server's zone: a time that the server and the browser write differently shows as a complaint of React.
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, timezoneId: "America/New_York" });
  const page = await context.newPage();
  return { browser, visitor: { page, complaints: complaintsOf(page) } };
}

const SYSTEM_CHROMIUM = "/usr/bin/chromium";

async function executablePath(): Promise<string> {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  return existsSync(SYSTEM_CHROMIUM) ? SYSTEM_CHROMIUM : bundledChromium.executablePath();
}

function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => {
    complaints.push(`a dialog opened: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    // The browser reports every answer of 4xx as an error; tests that want one look at the status.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      complaints.push(message.text());
  });
  return complaints;
}

/** What axe finds on the page as it stands, of the two graver degrees. */
export const seriousIn = async (page: Page): Promise<string[]> =>
  (await new AxeBuilder({ page }).analyze()).violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
