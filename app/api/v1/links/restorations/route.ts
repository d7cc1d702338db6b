import { otherMethods } from "../../../guarded-route";
import { linkActRoute } from "../../../link-act-route";
import { restoreLinkOperation } from "../../operations";

export const POST = linkActRoute(restoreLinkOperation, "link.restored");

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
