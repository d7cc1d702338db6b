import { problemResponse } from "../../problem";

// Public: says only that there is nothing here, in the form that every error of the API has.
const notFound = () =>
  problemResponse(404, "The API has nothing at this address. GET /api/v1/openapi.json lists what it has.");

export { notFound as DELETE, notFound as GET, notFound as PATCH, notFound as POST, notFound as PUT };
