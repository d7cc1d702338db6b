export { PLANTED_CAUSES as HELD_OUT_CAUSES } from "./planted-causes";
