/** Types of objects that a posting can be: their numbers are what `posting.reverses` quotes. */
const DOCUMENT_TYPES: readonly string[] = ["erp_document", "invoice", "journal_entry", "payment", "credit_memo"];

export const isDocument = ({ type }: { readonly type: string }): boolean => DOCUMENT_TYPES.includes(type);
