import { ConfigurationError } from "@/lib/config/environment";
import { loadFinance } from "@/lib/config/finance";
import type { Finance } from "@/lib/domain/handoffs/finance";
import { backTest } from "@/lib/queries/back-test";
import type { FactReader } from "@/lib/queries/fact-reader";
import { readRulesInForce } from "@/lib/queries/rules-in-force";
import type { Services } from "@/lib/services";
import { guardedRoute, otherMethods } from "../../../guarded-route";
import { lineStreamResponse } from "../../../line-stream";
import { ApiProblem } from "../../../problem";
import { ruleOf } from "../../../rule-answer";
import { backTestOperation } from "../../handoff-rule-operations";

/** Each keeps a processor busy, and the app has pages to answer. */
const AT_ONCE_MAX = 2;
const QUERY_MS_MAX = 120_000;
const LONG_AGO = "1900-01-01T00:00:00.000Z";
const running = new Set<symbol>();

export const POST = guardedRoute(backTestOperation, async ({ request, body, services, now }) => {
  const candidate = { rule: ruleOf(body.definition).rule, version: 0 };
  const at = now.toISOString();
  const period = { from: body.from ?? LONG_AGO, to: body.to ?? at };
  if (running.size >= AT_ONCE_MAX) {
    throw new ApiProblem(503, `${AT_ONCE_MAX} back-tests are running already; try again when one is done.`, {
      headers: { "retry-after": "30" },
    });
  }
  const own = Symbol(candidate.rule.id);
  running.add(own);
  return lineStreamResponse(
    request,
    async ({ send, signal }) => {
      try {
        const reader = inBackground(services, signal);
        const inForce = await readRulesInForce(reader, financeNow(services));
        const onProgress = (progress: object) => send({ line: "progress", ...progress });
        const watch = { onProgress, signal };
        const result = await backTest(reader, services, inForce, { candidate, period, now: at }, watch);
        send({ line: "result", result });
      } finally {
        running.delete(own);
      }
    },
    (error) => {
      services.log.error({ err: error, rule: candidate.rule.id }, "a back-test failed");
      return { line: "problem", detail: "The back-test failed; the log of the app says why. Try it again." };
    },
  );
});

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");

/** One processor for each of its queries, and none once nobody waits for it. */
const inBackground = ({ store }: Services, signal: AbortSignal): FactReader => ({
  query: (sql, parameters) =>
    store.query(sql, parameters, { settings: { max_threads: 1 }, signal, timeoutMs: QUERY_MS_MAX }),
});

/** As the worker has it: the file as it is now; one that does not fit leaves what this process began with. */
function financeNow({ environment, finance }: Services): Finance {
  try {
    return loadFinance(environment.configDir);
  } catch (error) {
    if (error instanceof ConfigurationError) return finance;
    throw error;
  }
}
