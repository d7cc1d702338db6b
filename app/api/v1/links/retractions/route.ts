import { otherMethods } from "../../../guarded-route";
import { linkActRoute } from "../../../link-act-route";
import { retractLinkOperation } from "../../operations";

export const POST = linkActRoute(retractLinkOperation, "link.retracted");

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
