import { SignInPanel } from "./sign-in/panel";

export const metadata = { title: "Not found" };

/** An address that no route has. It may be asked for by somebody who is not signed in, so it shows nothing but a way on. */
export default function NotFound() {
  return (
    <SignInPanel heading="There is no such page">
      <p>
        The address may be mistyped.{" "}
        <a href="/" className="text-accent underline">
          Go on to Throughline
        </a>
        .
      </p>
    </SignInPanel>
  );
}
