import { filterOf } from "@/lib/queries/exception-filter";
import type { Services } from "@/lib/services";
import { ExceptionWatch } from "../../../exception-watch";
import { guardedRoute, otherMethods } from "../../../guarded-route";
import { watchStream } from "../../../watch-stream";
import { exceptionsLiveOperation } from "../../exception-operations";

let sharedWatch: ExceptionWatch | null = null;

function exceptionWatch({ store, log }: Services): ExceptionWatch {
  sharedWatch ??= new ExceptionWatch(store, () => new Date(), {
    onFailure: (error) => log.warn({ err: error }, "live updates of exceptions wait for the store"),
  });
  return sharedWatch;
}

export const GET = guardedRoute(exceptionsLiveOperation, async ({ request, query, services }) =>
  watchStream({
    request,
    services,
    watch: exceptionWatch(services),
    subject: filterOf(query),
    permission: exceptionsLiveOperation.permission,
    fullText: "Too many views of the queue are being watched at the moment.",
  }),
);

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
