// Finding the seams of SQL text (where a statement ends, where INSERT data begins) without parsing it.
// Only what can hide a seam is understood: strings, quoted names, comments, heredocs and brackets. The engine parses the rest.

export interface SqlToken {
  kind: "word" | "quoted" | "symbol";
  /** Offset of the first character in the text. */
  start: number;
  /** Offset after the last character. */
  end: number;
  /** How many brackets are open before this token; an opening and its closing bracket have the same depth. */
  depth: number;
}

const WORD = /[A-Za-z0-9_\u0080-\uffff]+/y;
const HEREDOC = /\$([A-Za-z0-9_]*)\$/y;

/** Offset after the quoted run that opens at `start`; the end of the text when it never closes. */
function endOfQuoted(sql: string, start: number): number {
  const quote = sql[start];
  for (let at = start + 1; at < sql.length; at++) {
    if (sql[at] === "\\") at++;
    else if (sql[at] === quote) {
      if (sql[at + 1] !== quote) return at + 1;
      at++; // a doubled quote stands for itself
    }
  }
  return sql.length;
}

function endOf(sql: string, terminator: string, from: number): number {
  const at = sql.indexOf(terminator, from);
  return at === -1 ? sql.length : at + terminator.length;
}

/** Offset after a comment that starts at `at`, or undefined when none does. */
function endOfComment(sql: string, at: number): number | undefined {
  if (sql.startsWith("--", at) || sql.startsWith("# ", at) || sql.startsWith("#!", at)) return endOf(sql, "\n", at);
  if (sql.startsWith("/*", at)) return endOf(sql, "*/", at + 2);
  return undefined;
}

function matchAt(pattern: RegExp, sql: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(sql)?.[0];
}

/** Yields the tokens of `sql` lazily, without comments and white space. Stopping early costs nothing for the rest. */
export function* tokens(sql: string): Generator<SqlToken> {
  let depth = 0;
  let at = 0;
  while (at < sql.length) {
    const char = sql.charAt(at);
    if (/\s/.test(char)) {
      at++;
      continue;
    }
    const commentEnd = endOfComment(sql, at);
    if (commentEnd !== undefined) {
      at = commentEnd;
      continue;
    }
    let end = at + 1;
    let kind: SqlToken["kind"] = "symbol";
    if (char === "'" || char === '"' || char === "`") {
      kind = "quoted";
      end = endOfQuoted(sql, at);
    } else if (char === "$" && matchAt(HEREDOC, sql, at) !== undefined) {
      const tag = matchAt(HEREDOC, sql, at) ?? "";
      kind = "quoted";
      end = endOf(sql, tag, at + tag.length);
    } else {
      const word = matchAt(WORD, sql, at);
      if (word !== undefined) {
        kind = "word";
        end = at + word.length;
      } else if (char === ")" || char === "]" || char === "}") {
        depth = Math.max(0, depth - 1);
      }
    }
    yield { kind, start: at, end, depth };
    if (kind === "symbol" && (char === "(" || char === "[" || char === "{")) depth++;
    at = end;
  }
}

/** Splits a script at its semicolons, leaving out statements that hold only comments. The statements keep their own text. */
export function splitStatements(script: string): string[] {
  const statements: string[] = [];
  let from: number | undefined;
  let to = 0;
  for (const token of tokens(script)) {
    if (token.kind === "symbol" && script[token.start] === ";") {
      if (from !== undefined) statements.push(script.slice(from, to));
      from = undefined;
    } else {
      from ??= token.start;
      to = token.end;
    }
  }
  if (from !== undefined) statements.push(script.slice(from, to));
  return statements;
}

const ESCAPES: Record<string, string> = {
  "\\": "\\\\",
  "'": "\\'",
  "\0": "\\0",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/** A ClickHouse string literal that denotes exactly `text`. */
export function quoteString(text: string): string {
  return `'${text.replace(/[\\'\0\n\r\t]/g, (char) => ESCAPES[char] ?? char)}'`;
}

/** A ClickHouse quoted name. */
export function quoteName(name: string): string {
  return `\`${name.replace(/[\\`]/g, (char) => `\\${char}`)}\``;
}
