/** What the API says of a rule's text, as the page asks for it. */
import { type Answer, postJson } from "../api-call";
import { rulesApi } from "./rule-view";

export interface RuleCheck {
  readonly fits: boolean;
  readonly problems: readonly { readonly line: number; readonly path: string; readonly message: string }[];
  readonly warnings: readonly { readonly path: string; readonly message: string }[];
  /** Its id; null when it does not fit. */
  readonly rule: string | null;
  /** The newest version of that rule; 0: none. */
  readonly version: number;
}

export const checkRule = (definition: string): Promise<Answer<RuleCheck>> =>
  postJson<RuleCheck>(`${rulesApi}/check`, { definition });
