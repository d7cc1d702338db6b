import type { Metadata } from "next";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Throughline", template: "%s · Throughline" },
  description: "One narrative per order across ERP, WMS, OMS, carriers and 3PLs.",
};

export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  // Reading cookies makes every page render per request: one rendered at build time would have no nonce, and its scripts would not run
  // under the content security policy (proxy.ts).
  const theme = (await cookies()).get("throughline-theme")?.value;
  return (
    <html lang="en" data-theme={theme === "light" || theme === "dark" ? theme : undefined}>
      <body>{children}</body>
    </html>
  );
}
