"use client";
import { signIn } from "next-auth/react";
import { useState } from "react";

export function OidcButton({ callbackUrl }: { callbackUrl: string }) {
  const [busy, setBusy] = useState(false);
  return (
    <button
      type="button"
      disabled={busy}
      className="rounded-md border border-current px-4 py-2 font-medium disabled:opacity-60"
      onClick={() => {
        setBusy(true);
        void signIn("oidc", { callbackUrl });
      }}
    >
      Sign in with your company account
    </button>
  );
}
