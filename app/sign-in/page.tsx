import { redirect } from "next/navigation";
import { localPath } from "@/lib/auth/local-path";
import { landingPage } from "@/lib/auth/permissions";
import { currentPerson } from "@/lib/auth/require-permission";
import { signInProblem } from "@/lib/auth/sign-in-problem";
import { services } from "@/lib/services";
import { OidcButton } from "./oidc-button";
import { SignInPanel } from "./panel";

export const metadata = { title: "Sign in · Throughline" };

interface SearchParams {
  readonly error?: string | string[];
  readonly callbackUrl?: string | string[];
}

// Public: the way in.
export default async function SignInPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { error, callbackUrl } = await searchParams;
  const target = localPath(callbackUrl);
  const person = await currentPerson();
  if (person && !error) redirect(target ?? landingPage(person.role));
  const problem = signInProblem(typeof error === "string" ? error : undefined);
  const hasOidc = services().environment.auth.oidc !== null;
  return (
    <SignInPanel heading="Sign in" problem={problem}>
      {hasOidc ? <OidcButton callbackUrl={target ?? "/"} /> : null}
      <p>
        {hasOidc ? "Or open" : "Open"} the sign-in link that you were given. A link is good once. The first link is
        printed where Throughline was started; after that, administrators make them under Admin → Users.
      </p>
      <p>
        Locked out? Run <code>npm run sign-in-link</code> on the server.
      </p>
    </SignInPanel>
  );
}
