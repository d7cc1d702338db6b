/**
 * The words of an error message: what is the same in every case of one cause, with a mark where the cases differ. Pure, and linear in the message's
 * length: every pattern is bounded, and only the first part of a message is read.
 */
import { protectCodes, restoreCodes } from "./message-codes";
import { sayPlainly } from "./message-form";

/** Where the cases of one cause differ. A private-use character while the words are made, so that a "#" of the message is not taken for it. */
const MARK = "\uE100";

/** How much of a message is read: enough for its first sentences, a fixed cost for 64 KB of HTML. */
const READ_CHARS = 2_000;
/** How much of the words tells one cause from another. */
const WORDS_CHARS = 500;

const MONTH =
  "jan(?:uary|uar|\\.)?|feb(?:ruary|ruar|\\.)?|mar(?:ch|\\.)?|mär(?:z|\\.)?|apr(?:il|\\.)?|may|mai|june?|juni|jun\\.|july?|juli|jul\\.|" +
  "aug(?:ust|\\.)?|sept?(?:ember|\\.)?|o[ck]t(?:ober|\\.)?|nov(?:ember|\\.)?|de[cz](?:ember|\\.)?";
const DAY =
  "mon(?:day|tag)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?|die(?:nstag)?|mit(?:twoch)?|" +
  "don(?:nerstag)?|fre(?:itag)?|sam(?:stag)?|son(?:ntag)?";
const CLOCK =
  "\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d{1,9})?)?(?:\\s?[ap]\\.?m\\b\\.?)?(?:\\s?(?:Z\\b|UTC|GMT|CES?T|MES?Z|[ECMP][SD]T|Uhr|[+-]\\d{2}:?\\d{2}))?";
const CURRENCY =
  "USD|EUR|GBP|CHF|JPY|CNY|CAD|AUD|SEK|NOK|DKK|PLN|CZK|HUF|INR|BRL|MXN|SGD|HKD|TRY|ZAR|KRW|NZD|AED|US\\$|[$€£¥₹]";
/** Units of time, bytes, and what goods are counted in. */
const UNIT =
  "ns|µs|us|ms|msec|millis(?:econds?)?|s|secs?|seconds?|sekunden?|min|mins|minutes?|minuten?|h|hrs?|hours?|stunden?|days?|tagen?|tage|" +
  "bytes?|[kmgt]i?b|kg|g|lbs?|oz|t|m|cm|mm|m²|m³|m3|l|ml|EA|PC|PCE|PCS|ST|STK|CS|CT|CAR|KAR|PAL|BOX|KI|%|°C";
const NUMBER = "[-+]?\\d[\\d.,'’ ]{0,30}\\d|[-+]?\\d";

/** What is taken out before codes are looked for, for it may hold what looks like one. */
const FIRST_MASKS: readonly (readonly [RegExp, string])[] = [
  // What a URL asks with says which case it is.
  [/\?(?=[\w.~%-]{1,60}=)[^\s"'<>)\]]{1,1000}/g, `?${MARK}`],
  [/(?:\b[\w.+-]{1,64}|\uE100)@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g, MARK],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, MARK],
  [/(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5}|\/\d{1,2})?(?![\w]|\.\d)/g, MARK],
  [
    /(?<=(?<![\w-])(?:postal ?code|post ?code|zip(?: ?code)?|plz|postleitzahl)[\s:=]{1,3})(?=[\w-]{0,10}\d)[a-z\d]{2,8}(?:[ -](?=[a-z\d]{0,3}\d)[a-z\d]{3,4})?(?!\w)/gi,
    MARK,
  ],
  // A host of many like it: erp-prd-03.dc1.example.com.
  [
    /(?<![\w.@-])(?=[\w.-]{0,200}\d)[a-z\d][\w-]{0,63}(?:\.[\w-]{1,63}){0,6}\.(?:com|net|org|io|dev|app|de|eu|uk|fr|nl|pl|us|cloud|local|localdomain|internal|intranet|corp|lan|svc|cluster|test|example|invalid)(?![\w-]|\.\w)/gi,
    MARK,
  ],
];

const MASKS: readonly (readonly [RegExp, string])[] = [
  [/(?<=\w)@[0-9a-f]{4,16}\b/gi, `@${MARK}`],
  // A hash that happens to have no digit.
  [/(?<!\w)[a-f]{8,64}(?!\w)/g, MARK],
  // Dates and times in the forms that systems write.
  [new RegExp(`\\b\\d{4}-\\d{2}-\\d{2}(?:(?:T|\\s+|,\\s?)${CLOCK})?`, "gi"), MARK],
  [
    new RegExp(
      `\\b(?:(?:${DAY}),?\\s+)?\\d{1,2}(?:\\.|st|nd|rd|th)?[\\s-]+(?:${MONTH})(?![a-z])[\\s,-]*(?:\\d{4}|\\d{2})?(?:,?\\s+(?:at\\s+|um\\s+)?${CLOCK})?`,
      "gi",
    ),
    MARK,
  ],
  [
    new RegExp(
      `\\b(?:(?:${DAY}),?\\s+)?(?:${MONTH})\\s+\\d{1,2}(?:st|nd|rd|th)?(?![\\d:])(?:,?\\s+\\d{4}\\b(?!:))?(?:,?\\s+(?:at\\s+)?${CLOCK})?(?:\\s+\\d{4}\\b)?`,
      "gi",
    ),
    MARK,
  ],
  [new RegExp(`\\b(?:${MONTH})[\\s,]+\\d{4}\\b`, "gi"), MARK],
  [new RegExp(`\\b\\d{1,4}[./]\\d{1,2}[./]\\d{2,4}(?:(?:,?\\s+)${CLOCK})?`, "gi"), MARK],
  [new RegExp(`(?<![\\w:])${CLOCK}(?![\\w:])`, "gi"), MARK],
  [/(?<![\w:])(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4})(?::[0-9a-f]{1,4}){0,6}(?![\w:])/gi, MARK],
  [new RegExp(`(?<![\\w.])(?:${CURRENCY})\\s?(?:${NUMBER})-?(?![\\w])`, "g"), MARK],
  [new RegExp(`(?<![\\w.,])(?:${NUMBER})-?\\s?(?:${CURRENCY})(?!\\w)`, "g"), MARK],
  [new RegExp(`(?<![\\w.,-])(?:${NUMBER})-?\\s?(?:${UNIT})(?![\\wäöüß-])`, "gi"), MARK],
  // Whatever else has a digit in it, with what hangs on it: SO-1001, 0080001234, gi-SH-1, http-nio-8080-exec-3, 12.00-, 1,234.
  [/[#№]?[\p{L}\p{M}\p{Nd}_~$%+-]*\p{Nd}[\p{L}\p{M}\p{Nd}_~$%+'’-]*(?:[.,](?=\p{Nd})[\p{L}\p{Nd}_%-]+)*/gu, MARK],
];

const NOUNS =
  "sku|items?|materials?|article|product|part|variant|artikel|teil|bestellung|auftrag|order|shipment|delivery|lieferung|customer|kunde|batch|lot|" +
  "charge|plant|werk|warehouse|lager|location|store|partner|vendor|supplier|lieferant|carrier|spediteur|currency|währung|country|land|region|" +
  "language|unit|uom|measure|mengeneinheit|tenant|client|host|node|server|queue manager|company code|buchungskreis|auftragsart|belegart|bewegungsart|lieferart|order type|document type|movement type|state|province|bundesland|incoterms";
const NAMED_IN_CAPITALS = new RegExp(`\\b(${NOUNS})(\\s?[:=]\\s?|\\s)([A-Z][A-Z_-]+)(?![\\w-])`, "gi");
/** A number without a digit, as articles have them: WSH-BLK. */
const NUMBER_OF_LETTERS = /(?<![\w-])[A-Z]{2,8}(?:-[A-Z]{1,8}){1,4}(?![\w-])/g;
/** Words in capitals that name nothing. */
const WORDS_IN_CAPITALS = new Set(
  "NOT NO IS AND OR NULL ID IDS SKU PO API XML JSON ASN EDI URL HTTP ERROR FAILED INVALID MISSING UNKNOWN HAS IN OF ON FOR TO WAS DOES ALREADY LOCKED BLOCKED CLOSED EXPIRED CANCELLED ON DOES REJECTED REFUSED DATA NUMBER NAME CODE KEY ONLY READ NON PRE POST TIME OUT OFF SELF SIGNED END UP CONTENT TYPE AUTH HEADER EDI AS RE TCP IP VS".split(
    " ",
  ),
);

const USER =
  /\b(user(?:\s?name|\s?id)?|benutzer|anwender|login|operator|principal|requester)(\s?[:=/]\s?|\s)([\p{L}\p{N}_.\\@$'’-]+)(?=(\s+[\p{L}]+)?)/giu;
/** Whose act stands in the way: "changed by MUELLER", "von SCHMIDT gesperrt". */
const ACTED =
  "locked|changed|created|placed|processed|edited|held|opened|updated|modified|blocked|assigned|reserved|released|deleted|cancell?ed|approved|entered|used|performed|started|submitted|reversed";
const BY = new RegExp(`\\b(${ACTED})(\\sby\\s)([\\p{L}\\p{N}_.\\\\@$'’-]+)(?=(\\s(?:on|at|since|in)\\b)?)`, "giu");
const VON =
  /\b(von|durch)(\s)([\p{L}\p{N}_.\\@$'’-]+)(?=\s(?:gesperrt|bearbeitet|geändert|angelegt|gehalten|storniert|belegt|reserviert)())/giu;
const NOT_A_USER = new Set(
  (
    "is has does do did was were with without cannot can could must may might will in of for to on at from and or not no account session group role credentials " +
    "authentication authorization input data id name exceeded request limit permission permissions agent defined error lacks locked unknown disabled inactive denied exists " +
    "profile already password context token rights hat ist nicht darf kann wurde besitzt für mit ohne im und oder zur zum keine kein unbekannt gesperrt existiert"
  ).split(" "),
);
const VERB =
  /^\s+(?:is|has|does|did|was|cannot|can|could|lacks|may|must|not|already|hat|ist|darf|kann|wurde|besitzt|nicht|gesperrt|locked)$/i;

/** A value under a key that says it is a number of a case: `requestId=abc`, `Correlation-ID: x`. */
const KEYED =
  /\b([\p{L}_-]*(?:[_\s-]?id|Id|[_\s-]?key|[_\s-]?number|[_\s-]?nummer|guid|uuid|token|hash)\s?[:=]\s?)(?![\s\uE100])[^\s,;)\]}>\uE100]{1,200}/giu;

/** The message's words, at most 500 characters, with "#" where cases differ. `identifiers`: numbers that the event itself names. */
export function wordsOf(message: string, identifiers: readonly string[] = []): string {
  const whole = sayPlainly(message);
  const cut = whole.length > READ_CHARS;
  // A word that the limit cut in two would differ from case to case.
  const read = cut ? whole.slice(0, READ_CHARS).replace(/\S{1,200}$/, "") : whole;
  let text = maskQuoted(maskIdentifiers(read, identifiers));
  for (const [pattern, mark] of FIRST_MASKS) text = text.replace(pattern, mark);
  text = protectCodes(text);
  text = maskNames(text.replace(KEYED, `$1${MARK}`));
  for (const [pattern, mark] of MASKS) text = text.replace(pattern, mark);
  return bound(restoreCodes(gather(text)).replaceAll(MARK, "#"));
}

function maskIdentifiers(text: string, identifiers: readonly string[]): string {
  const lower = text.toLowerCase();
  const named = new Set<string>();
  for (const identifier of identifiers) {
    const plain = identifier.trim().normalize("NFKC").toLowerCase();
    for (const form of [plain, plain.replace(/^0+(?=.)/, "")])
      if (form.length >= 2 && form.length <= 200 && lower.includes(form)) named.add(form);
  }
  const longestFirst = [...named]
    .sort((a, b) => b.length - a.length)
    .map((form) => form.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  if (longestFirst.length === 0) return text;
  return text.replace(new RegExp(`(?<![\\p{L}\\p{N}])0*(?:${longestFirst.join("|")})(?![\\p{L}\\p{N}])`, "giu"), MARK);
}

/** Words before or after which a quoted name is part of the system, not of the case: a field, a table, a header. */
const STRUCTURE_BEFORE =
  /(?:field|property|properties|attribute|element|column|parameter|param|segment|header|relation|table|constraint|index|type|class|method|function|schema|key|keyword|name|feld|spalte|tabelle|attribut|eigenschaft|topic|queue|node|tag|path)s?\s?[:=]?\s?\(?\[?$/i;
const STRUCTURE_AFTER =
  /^\s(?:is required|is missing|is mandatory|is a required|is not allowed|must |cannot be|may not be|should |field|element|attribute|property|column|fehlt|muss |darf nicht|ist ein pflichtfeld|ist erforderlich)/i;
const STRUCTURE = /^[\p{L}_$@/][\p{L}\p{N}_$.@[\]/:-]*$/u;
const QUOTED =
  /(?<![\p{L}\p{N}])(?:"([^"\n]{0,400})"|'((?:[^'\n]|(?<=\p{L})'(?=\p{L})){0,400})'(?![\p{L}\p{N}])|`([^`\n]{0,400})`|“([^”"\n]{0,400})[”"]|„([^“”"\n]{0,400})[“”"]|‘([^’\n]{0,400})’|‚([^‘\n]{0,400})‘|«([^»\n]{0,400})»|»([^«\n]{0,400})«)/gu;

/** A name in parts, as databases quote it: "WMS"."SHIPMENT"."QTY". */
const QUALIFIED = /"[\w$]{1,128}"(?:\."[\w$]{1,128}"){1,4}/g;

function maskQuoted(text: string): string {
  return text
    .replace(QUALIFIED, (name) => name.replaceAll('"', ""))
    .replace(QUOTED, (found: string, ...groups: unknown[]) => {
      const inner = groups.slice(0, 9).find((group): group is string => typeof group === "string") ?? "";
      const offset = groups[9];
      const at = typeof offset === "number" ? offset : 0;
      const structural =
        STRUCTURE.test(inner) &&
        (STRUCTURE_BEFORE.test(text.slice(Math.max(0, at - 40), at)) ||
          (/^[\p{Ll}_$@/]/u.test(inner) &&
            STRUCTURE_AFTER.test(text.slice(at + found.length, at + found.length + 40))));
      return structural ? inner : MARK;
    });
}

function maskNames(text: string): string {
  const shouts = isShouted(text);
  const users = text.replace(
    USER,
    (found: string, noun: string, gap: string, name: string, next: string | undefined) => {
      if (NOT_A_USER.has(name.toLowerCase())) return found;
      const proper =
        /^(?:benutzer|anwender)/i.test(noun) ||
        /[\d_.\\@$'’-]/.test(name) ||
        (!shouts && /^[A-Z]{2,}$/.test(name)) ||
        gap.trim() !== "";
      return proper || next === undefined || VERB.test(next) ? `${noun}${gap}${MARK}` : found;
    },
  );
  if (shouts) return users;
  const acted = [BY, VON].reduce((said, pattern) => said.replace(pattern, maskActor), users);
  const numbers = acted.replace(NUMBER_OF_LETTERS, (found: string) =>
    found.split("-").every((part) => WORDS_IN_CAPITALS.has(part)) ? found : MARK,
  );
  return numbers.replace(NAMED_IN_CAPITALS, (found: string, noun: string, gap: string, name: string) =>
    /^[A-Z][A-Z_-]+$/.test(name) && !WORDS_IN_CAPITALS.has(name) ? `${noun}${gap}${MARK}` : found,
  );
}

/** Where no word is in small letters, capitals name nothing. */
const isShouted = (text: string): boolean => !/(?<![\p{L}\p{N}_-])\p{L}?\p{Ll}{2,}(?![\p{N}_-])/u.test(text);

function maskActor(found: string, act: string, gap: string, name: string, after: string | undefined): string {
  const proper = /[\d_.\\@$'’-]/.test(name) || /^[A-Z]{2,}$/.test(name);
  return (proper || after !== undefined) && !NOT_A_USER.has(name.toLowerCase()) ? `${act}${gap}${MARK}` : found;
}

/** Several marks in a row are one: how many numbers a case lists, and in which order, is no cause. */
function gather(text: string): string {
  return (
    text
      .replace(/\s+/g, " ")
      // What hangs on a number is of it: SH-1001, where 1001 is a number that the event names.
      .replace(/(?<![\w-])[A-Z]{1,8}[-_](?=\uE100)/g, "")
      .replace(/\(\uE100\)/g, MARK)
      .replace(
        /\uE100(?:(?:\s?[-,;/|:.+&×x*]\s?(?:(?:and|und|or|oder)\s)?|\s(?:and|und|or|oder|to|bis|von|of)\s|\s)?\uE100)+/g,
        MARK,
      )
      .replace(/\(\uE100\)/g, MARK)
      .replace(/\uE100(?:\s?\uE100)+/g, MARK)
      .replace(/\uE100['’]s?(?=\s|$)/g, MARK)
      .trim()
  );
}

function bound(text: string): string {
  const plain = text.replace(/^[\s.:;,\-–—]+/, "").replace(/[\s.:;,!\-–—]+$/, "");
  if (plain.length <= WORDS_CHARS) return plain;
  const cut = plain.slice(0, WORDS_CHARS);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(" "), WORDS_CHARS / 2)).trimEnd()}…`;
}
