"use client";
import { signIn } from "next-auth/react";
import { useCallback, useEffect, useRef, useState } from "react";
import { buttonClass } from "@/components/ui/button";

/** Redeems the link. By itself only when the link came from the console: mail scanners open links, and run their scripts. */
export function LinkForm({ token, startsByItself }: { token: string; startsByItself: boolean }) {
  const [state, setState] = useState<"idle" | "busy" | "unreachable">("idle");
  const started = useRef(false);

  const enter = useCallback(async () => {
    // A link is good once: a second click, or React running an effect twice, must not use it again.
    if (started.current) return;
    started.current = true;
    setState("busy");
    try {
      const answer = await signIn("link", { token, callbackUrl: "/", redirect: false });
      // A full load, so that nothing rendered for nobody stays; replace, so that Back does not meet the used link.
      window.location.replace(answer?.ok ? "/" : `/sign-in?error=${encodeURIComponent(answer?.error ?? "unknown")}`);
    } catch {
      started.current = false;
      setState("unreachable");
    }
  }, [token]);

  useEffect(() => {
    if (startsByItself) void enter();
  }, [startsByItself, enter]);

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void enter();
      }}
      className="flex flex-col gap-3"
    >
      <button type="submit" disabled={state === "busy"} className={buttonClass("primary")}>
        {state === "busy" ? "Signing in…" : "Sign in"}
      </button>
      {state === "unreachable" ? (
        <p role="alert">Throughline did not answer. Check the connection and try again.</p>
      ) : null}
    </form>
  );
}
