/** `config/finance.yaml`: company codes with their calendars, units, exchange rates, and from when on a second person is asked. */
import { join } from "node:path";
import { type Finance, financeFile } from "@/lib/domain/handoffs/finance";
import { readYamlFile } from "./yaml-file";

export const financePath = (configDir: string): string => join(configDir, "finance.yaml");

/** @throws ConfigurationError with file, line and field. */
export const loadFinance = (configDir: string): Finance => readYamlFile(financePath(configDir), financeFile);
