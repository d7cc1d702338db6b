/** What every page and route of the app needs, made once per process on first use: environment, configuration, store, log. */
import pino, { type Logger } from "pino";
import { createStore, type Store } from "@/lib/clickhouse/client";
import { clickhouseUrlOf, type Environment, loadEnvironment } from "@/lib/config/environment";
import { loadFinance } from "@/lib/config/finance";
import { loadInterfaces } from "@/lib/config/interfaces";
import { loadCatalogue } from "@/lib/config/objects";
import { loadPersonalDataRules } from "@/lib/config/personal-data";
import { loadSystems } from "@/lib/config/systems";
import type { Finance } from "@/lib/domain/handoffs/finance";
import type { Interfaces } from "@/lib/domain/interface";
import type { ObjectCatalogue } from "@/lib/domain/object";
import { createMask, type Mask } from "@/lib/domain/personal-data";
import type { SystemRegistry } from "@/lib/domain/system";

export interface Services {
  readonly environment: Environment;
  readonly catalogue: ObjectCatalogue;
  readonly systems: SystemRegistry;
  readonly finance: Finance;
  readonly interfaces: Interfaces;
  readonly store: Store;
  readonly log: Logger;
  /** Hides people in payloads (lib/domain/personal-data.ts). */
  readonly maskPersonalData: Mask;
}

// Next bundles this module several times (pages, routes, server actions); the global keeps it one per process.
const HOLDER = Symbol.for("throughline.services");
type Holder = typeof globalThis & { [HOLDER]?: Services };

/** @throws ConfigurationError on first use, when environment or configuration is not usable. */
export function services(): Services {
  const holder = globalThis as Holder;
  holder[HOLDER] ??= createServices();
  return holder[HOLDER];
}

function createServices(): Services {
  const environment = loadEnvironment();
  return {
    environment,
    catalogue: loadCatalogue(environment.configDir),
    systems: loadSystems(environment.configDir),
    finance: loadFinance(environment.configDir),
    interfaces: loadInterfaces(environment.configDir),
    maskPersonalData: createMask(loadPersonalDataRules(environment.configDir)),
    // A page must not wait as long as a worker may.
    store: createStore({ url: clickhouseUrlOf(environment), timeoutMs: 15_000 }),
    log: pino({
      level: environment.logLevel,
      name: "app",
      redact: ["*.token", "*.secret", "*.password", "*.authorization", "*.cookie", "token", "authorization", "cookie"],
    }),
  };
}
