/** What queries need of the store. lib/clickhouse/client.ts provides it. */
export interface FactReader {
  /** Runs one SELECT with bound parameters (`{name:Type}`) and gives its rows. Times come as RFC 3339, decimals as strings. */
  query<Row>(sql: string, parameters?: Record<string, unknown>): Promise<Row[]>;
}
