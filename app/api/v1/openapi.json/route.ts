import { otherMethods } from "../../guarded-route";
import { openapiDocument } from "../../openapi";

// Public: describes the API and holds nothing of anyone's.
export function GET(): Response {
  return Response.json(openapiDocument(), { headers: { "cache-control": "public, max-age=300" } });
}

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
