import { ErrorState } from "@/components/ui/states";
import { requirePermission } from "@/lib/auth/require-permission";
import { loadAlerts } from "@/lib/config/alerts";
import { ConfigurationError } from "@/lib/config/environment";
import { type Alerts, NO_ALERTS } from "@/lib/domain/alerts/rule";
import { listAlerts, listDeliveries } from "@/lib/queries/alerts";
import { services } from "@/lib/services";
import { AlertTable } from "./alert-table";
import { ChannelTable, MaintenanceList, RuleTable } from "./configured";
import { DeliveryTable } from "./delivery-table";

export const metadata = { title: "Alerts" };

const SHOWN = 100;

export default async function AlertsPage() {
  const person = await requirePermission("exceptions:view");
  const { store, environment } = services();
  const [alerts, deliveries] = await Promise.all([
    listAlerts(store, { limit: SHOWN }),
    listDeliveries(store, { limit: SHOWN }),
  ]);
  const { config, problem } = readConfig(environment.configDir);
  return (
    <>
      {problem === null ? null : <ErrorState title="config/alerts.yaml cannot be read">{problem}</ErrorState>}
      <AlertTable alerts={alerts} rules={config.rules} mayAct={person.permissions.includes("exceptions:act")} />
      <DeliveryTable deliveries={deliveries} alerts={alerts} />
      <RuleTable config={config} alerts={alerts} />
      <ChannelTable config={config} mayTest={person.permissions.includes("admin:sources")} />
      <MaintenanceList windows={config.maintenance} now={new Date()} />
    </>
  );
}

/** As the file is now. One that does not fit is said here; what came of it before is shown all the same. */
function readConfig(configDir: string): { readonly config: Alerts; readonly problem: string | null } {
  try {
    return { config: loadAlerts(configDir), problem: null };
  } catch (error) {
    if (error instanceof ConfigurationError) return { config: NO_ALERTS, problem: error.message };
    throw error;
  }
}
