/** Whether the queue has changed. */
import { type ExceptionFilter, matching } from "./exception-filter";
import { EFFECTIVE_STATE } from "./exception-row";
import type { FactReader } from "./fact-reader";

/** Another text when rows were written; after a merge of the engine too, for nothing. In a cluster it sees this replica's parts. */
export async function readExceptionWrites(reader: FactReader): Promise<string> {
  const [row] = await reader.query<{ parts: string }>(
    `SELECT toString(sum(cityHash64(name))) AS parts FROM system.parts
     WHERE active AND database = currentDatabase() AND table = 'exceptions'`,
  );
  return row?.parts ?? "";
}

/** Another text when other exceptions match, or one of them is another than before. */
export async function readExceptionsVersion(reader: FactReader, filter: ExceptionFilter, now: string): Promise<string> {
  const { source, parameters } = matching(filter);
  const [row] = await reader.query<{ count: string; content: string }>(
    `SELECT count() AS count, toString(groupBitXor(cityHash64(exception_id, version, ${EFFECTIVE_STATE}))) AS content
     FROM ${source}`,
    { ...parameters, now },
  );
  return `${row?.count}-${row?.content}`;
}
