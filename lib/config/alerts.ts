/** `config/alerts.yaml`: when somebody is told, and how. A folder without the file tells nobody. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Alerts, alertsFile, NO_ALERTS } from "@/lib/domain/alerts/rule";
import { readYamlFile } from "./yaml-file";

export const alertsPath = (configDir: string): string => join(configDir, "alerts.yaml");

/** @throws ConfigurationError with file, line and field. */
export function loadAlerts(configDir: string): Alerts {
  const path = alertsPath(configDir);
  return existsSync(path) ? readYamlFile(path, alertsFile) : NO_ALERTS;
}
