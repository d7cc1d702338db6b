import { headers } from "next/headers";
import type { ReactNode } from "react";
import "./globals.css";

export default async function RootLayout({ children }: { children: ReactNode }) {
  // Reading a header makes every page render per request; a page rendered at build time has no nonce, and its scripts would not run
  // under the content security policy (proxy.ts).
  await headers();
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
