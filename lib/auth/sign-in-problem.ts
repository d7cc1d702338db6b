/** Why somebody could not sign in, and what to do, in plain words. */
import { SIGN_IN_LINK_HOURS } from "./sign-in-links";

const NEW_LINK =
  "Ask an administrator for a new one (Admin → Users), or run `npm run sign-in-link` on the server where Throughline is installed.";

const PROBLEMS: Readonly<Record<string, string>> = {
  "link-unknown": `This sign-in link is not known here. It may have been cut off when it was copied. ${NEW_LINK}`,
  "link-expired": `This sign-in link has expired: a link is good for ${SIGN_IN_LINK_HOURS} hours. ${NEW_LINK}`,
  "link-used": `This sign-in link has been used: a link is good once. ${NEW_LINK}`,
  "link-replaced": `A newer sign-in link has replaced this one. Use the newer one, or get another. ${NEW_LINK}`,
  "link-disabled": "This account is disabled. An administrator can enable it again under Admin → Users.",
  "oidc-no-role":
    "You are known to your company's sign-on, but it gives you no role here. Ask whoever manages your sign-on groups to add you to one that stands for a Throughline role.",
  AccessDenied: "Signing in was refused.",
  OAuthCallback:
    "Your company's sign-on could not complete. Try again; if it stays so, an administrator finds the reason in the log of the app.",
  OAuthSignin: "Your company's sign-on cannot be reached. Try again in a moment.",
};

/** The text for a code out of the URL; codes that are not ours say only that it failed. */
export const signInProblem = (code: string | undefined): string | null =>
  code === undefined || code === ""
    ? null
    : Object.hasOwn(PROBLEMS, code)
      ? (PROBLEMS[code] ?? null)
      : "Signing in did not work. Try again.";
