import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { AppShell } from "@/components/shell/app-shell";
import { decodeSegment } from "@/components/ui/href";
import { type ClockMode, PreferencesProvider, type Theme } from "@/components/ui/preferences";
import { ToastProvider } from "@/components/ui/toast";
import { type VocabularyData, VocabularyProvider } from "@/components/ui/vocabulary";
import { requirePerson } from "@/lib/auth/require-permission";
import { ROLE_LABELS } from "@/lib/auth/roles";
import { readCompleteThrough } from "@/lib/queries/journey";
import { type Services, services } from "@/lib/services";

export default async function DashboardLayout({ children }: { readonly children: ReactNode }) {
  const person = await requirePerson();
  const shared = services();
  const jar = await cookies();
  const zone = jar.get("throughline-zone")?.value;
  const completeThrough = person.permissions.includes("journey:view")
    ? await readCompleteThrough(shared.store, null)
    : {};
  return (
    <PreferencesProvider
      initialTheme={themeOf(jar.get("throughline-theme")?.value)}
      initialClock={(jar.get("throughline-clock")?.value === "utc" ? "utc" : "local") satisfies ClockMode}
      initialZone={zone ? usableZone(decodeSegment(zone)) : null}
      initialNowMs={Date.now()}
    >
      <VocabularyProvider data={vocabulary(shared)}>
        <ToastProvider>
          <AppShell
            person={{ name: person.name, role: ROLE_LABELS[person.role] }}
            maySeeOrders={person.permissions.includes("journey:view")}
            mayReconcile={person.permissions.includes("reconciliation:view")}
            maySeeExceptions={person.permissions.includes("exceptions:view")}
            mayAdminister={person.permissions.some((permission) => permission.startsWith("admin:"))}
            completeThrough={completeThrough}
          >
            {children}
          </AppShell>
        </ToastProvider>
      </VocabularyProvider>
    </PreferencesProvider>
  );
}

const themeOf = (value: string | undefined): Theme => (value === "light" || value === "dark" ? value : "system");

/** A zone from a cookie is somebody's input: one that this machine does not know would throw in every time on the page. */
function usableZone(zone: string): string | null {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return zone;
  } catch {
    return null;
  }
}

function vocabulary({ systems, catalogue }: Services): VocabularyData {
  const plain = ({
    id,
    name,
    kind,
  }: {
    id: string;
    name: string;
    kind: VocabularyData["systems"][number]["kind"];
  }) => ({
    id,
    name,
    kind,
  });
  return {
    systems: [
      ...[...systems.exact.values()].map((system) => ({ ...plain(system), prefix: null })),
      ...systems.families.map(({ prefix, system }) => ({ ...plain(system), prefix })),
    ],
    objectLabels: Object.fromEntries([...catalogue.types.values()].map(({ type, label }) => [type, label])),
  };
}
