import { readJourney, resolveRoots } from "@/lib/queries/journey";
import { guardedRoute, otherMethods } from "../../../../guarded-route";
import { ApiProblem } from "../../../../problem";
import { journeyOperation } from "../../../operations";

export const GET = guardedRoute(journeyOperation, async ({ params, query, services, now }) => {
  const object = { type: params.type ?? "", id: params.id ?? "" };
  const journey = await readJourney(services.store, services, object, {
    asOf: query.asOf ?? null,
    now: now.toISOString(),
    finance: services.finance,
  });
  if (journey) return journey;
  const { exists, roots } = await resolveRoots(services.store, services.catalogue, object);
  if (!exists)
    throw new ApiProblem(
      404,
      "Nothing that reached us names this object. Search by the number alone finds it under another type.",
    );
  const isItself = roots.some((root) => root.type === object.type && root.id === object.id);
  // It is a root now; then asOf lies before its first fact.
  if (isItself)
    throw new ApiProblem(404, "Nothing had named this object by then. Choose a later asOf.", { members: { roots } });
  throw new ApiProblem(
    404,
    roots.length > 0
      ? "This object is no root itself; read the journey of one of its roots."
      : "This object belongs to no journey: its type is context, never linked through.",
    { members: { roots } },
  );
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
