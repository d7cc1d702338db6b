/** The answer to somebody who watches: server-sent events `current` once, then `changed` whenever the version is another. */
import { authenticate } from "@/lib/auth/caller";
import type { Permission } from "@/lib/auth/permissions";
import type { Services } from "@/lib/services";
import { eventStreamResponse } from "./event-stream";
import { ApiProblem } from "./problem";
import type { Watch } from "./watch";

interface Watching<Subject> {
  readonly request: Request;
  readonly services: Services;
  readonly watch: Watch<Subject>;
  readonly subject: Subject;
  /** Asked for again at every heartbeat. */
  readonly permission: Permission;
  /** Said when no more may watch: "Too many journeys are being watched at the moment." */
  readonly fullText: string;
}

/** @throws ApiProblem 503 when the house is full */
export function watchStream<Subject>(watching: Watching<Subject>): Response {
  const { request, services, watch, subject, permission, fullText } = watching;
  // Next answers HEAD by the handler of GET and throws the body away; nobody would ever end that stream.
  if (request.method === "HEAD") return new Response(null, { headers: { "content-type": "text/event-stream" } });
  const lastSeen = request.headers.get("last-event-id");
  let send: (version: string | null, isFirst: boolean) => void = () => undefined;
  // Watched before the answer begins, so that a full house is a 503 and not a broken stream.
  const unwatch = watch.watch(subject, (version, isFirst) => send(version, isFirst));
  if (!unwatch) throw new ApiProblem(503, fullText, { headers: { "retry-after": "10" } });
  return eventStreamResponse(request, {
    start: (stream) => {
      send = (version, isFirst) => {
        // After an interruption the client says what it saw last; only a difference is news.
        const isNews = isFirst ? lastSeen !== null && lastSeen !== "" && lastSeen !== version : true;
        stream.send({ event: isNews ? "changed" : "current", id: version ?? "", data: { version } });
      };
      return unwatch;
    },
    keep: async () => {
      const { caller } = await authenticate(services, request);
      return caller?.permissions.includes(permission) ?? false;
    },
  });
}
