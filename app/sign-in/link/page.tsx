import { ROLE_LABELS } from "@/lib/auth/roles";
import { readLinkState } from "@/lib/auth/sign-in-links";
import { signInProblem } from "@/lib/auth/sign-in-problem";
import { services } from "@/lib/services";
import { SignInPanel } from "../panel";
import { LinkForm } from "./link-form";

export const metadata = { title: "Sign in · Throughline", referrer: "no-referrer" };

// Public: whoever holds the link may look at it. Looking does not use it up; the form does.
export default async function SignInLinkPage({
  searchParams,
}: {
  searchParams: Promise<{ token?: string | string[] }>;
}) {
  const { token } = await searchParams;
  const given = typeof token === "string" ? token : "";
  const link = await readLinkState(services().store, given, new Date());
  if (link.state !== "usable") {
    return (
      <SignInPanel heading="This link does not work any more" problem={signInProblem(`link-${link.state}`)}>
        <p>
          Already signed in?{" "}
          <a href="/" className="text-accent underline">
            Go on to Throughline
          </a>
          .
        </p>
      </SignInPanel>
    );
  }
  return (
    <SignInPanel heading="Welcome">
      <p>
        This link signs you in as <strong>{link.user.name}</strong> ({ROLE_LABELS[link.user.role]}). It works once.
      </p>
      <LinkForm token={given} startsByItself={link.fromConsole} />
    </SignInPanel>
  );
}
