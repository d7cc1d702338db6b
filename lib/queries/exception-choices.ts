/** What occurs in the queue, for its filters, and who may be given something. */
import { permissionsOfRole } from "@/lib/auth/permissions";
import type { Store } from "@/lib/clickhouse/client";
import type { FactReader } from "./fact-reader";
import { listUsers } from "./users";

export interface ExceptionChoices {
  readonly owners: readonly string[];
  readonly assignees: readonly string[];
  readonly interfaces: readonly string[];
  readonly severities: readonly string[];
  readonly tags: readonly string[];
}

const CHOICES_MAX = 500;

/** By name. Without FINAL: a name that only an outdated row has is a choice that finds nothing, and does no harm. */
export async function readExceptionChoices(reader: FactReader): Promise<ExceptionChoices> {
  const choices = (column: string) =>
    `arraySort(groupUniqArrayIf(${CHOICES_MAX})(toString(${column}), ${column} != ''))`;
  const [row] = await reader.query<ExceptionChoices>(
    `SELECT ${choices("owner")} AS owners, ${choices("assignee")} AS assignees, ${choices("interface")} AS interfaces,
       ${choices("severity")} AS severities, arraySort(groupUniqArrayArray(${CHOICES_MAX})(tags)) AS tags
     FROM exceptions WHERE is_deleted = 0`,
  );
  return row ?? { owners: [], assignees: [], interfaces: [], severities: [], tags: [] };
}

/** The names of those who may work on exceptions, and of the teams that own some. */
export async function readAssignableNames(store: Store, owners: readonly string[]): Promise<string[]> {
  const people = (await listUsers(store)).filter(
    ({ disabled, role }) => !disabled && permissionsOfRole(role).includes("exceptions:act"),
  );
  return [...new Set([...people.map(({ name }) => name), ...owners])].sort((a, b) => a.localeCompare(b));
}
