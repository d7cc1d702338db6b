/** For parts of a drawing that say nothing a screen reader needs: the marks carry the names. */
export const DECORATION = { "aria-hidden": true } as const;
