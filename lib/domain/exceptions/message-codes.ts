/**
 * Error codes within a message. They have digits and yet tell causes apart (ORA-00942 is not ORA-01400), so they are set apart before whatever differs
 * from case to case is taken out. Which shapes are codes is a closed list: "SO-1001" looks like one and is an order.
 */
const FIRST_DIGIT = 0xe000;

/** Classes of SAP messages that interfaces of sales, logistics and finance meet, with three digits. */
const SAP_CLASS =
  "M7|M3|M8|F5|F2|FF|FP|FDBL|GLT2|GLE_FINS_CORE|FAGL_POSTING_SERVICE|VL|V1|V4|V0|VF|VP|VU|KI|K1|B1|BD|E0|ME|RW|AAPO|L3|L9|R1|HUGENERAL|IDOC_ADAPTER|BAPI1?|SLS_LORD|/(?:SCWM|SAPAPO)/[A-Z_0-9]{1,20}";

const CODES: readonly RegExp[] = [
  /(?<![\w-])(?:(?:ORA|TNS|PLS|RMAN|OGG|JBO|FRM|KUP|LPX)-\d{5}|(?:ORA|TNS|PLS)-\d{1,4}(?=:)|SP2-\d{4}|(?:BEA|OSB)-\d{6})(?![\w-])|\b(?:ORA|TNS)\d{5}\b/g,
  // Without a hyphen they look like anybody's numbers, so they count only where a code would stand.
  /(?<=^|[:([]\s?|\b(?:code|error|message|msgid|fehler)\s)(?:CPF|MCH|CPE|AMQ|CSQ[A-Z]|BIP|DFH[A-Z]{2}|HHH|JBAS|WFLYCTL|SRVE|CWW[A-Z]{2}|WSWS|SQL|FODC|XPST|XTDE)\d{3,6}[A-Z]?\b|\b(?:AMQ|SRVE|CWW[A-Z]{2}|WSWS|SQL)\d{4}[EIWNC]\b|\b(?:CPF|MCH|CPE|AMQ|BIP|HHH|JBAS)\d{4,6}(?=:)/g,
  /(?<=^|[:([]\s?)(?:ERR|ERROR)[-_]\d{2,6}(?=[:)\]\s]|$)|(?<![\w-])(?:ERR|ERROR)[-_]\d{2,6}(?=:)/gi,
  // HRESULT and NTSTATUS of failure.
  /\b0x(?:8|C0)[0-9A-F]{6,7}\b/gi,
  /\bSQLSTATE\W{0,4}[0-9A-Z]{5}\b/gi,
  /\b(?:SQLCODE|SQLERRMC|errno|MQRC|MQCC|rcode|sqlerror)\W{0,4}-?\d{1,6}\b/gi,
  /\bMsg \d{2,6}, Level \d{1,2}, State \d{1,3}\b/gi,
  /\b(?:error|err|fehler|fault|reason|status)(?=[-_ :=#(]|code|status|n)[-_ ]?(?:code|status|no\.?|nr\.?|nummer|number)?[-_ ]?\(?[:=#]?\s?'?-?\d{1,5}\b(?![-./:]\d|\s?(?:of|von|ms|s|sec|seconds|sekunden|bytes|items?|records?|lines?|rows?|positionen|stück)\b)/gi,
  /\b(?:return|exit|result|response|vendor|completion|native|abend|rejection|ablehnungs|http)[-_ ]?(?:code|status|nummer|number)[-_ ]?\(?[:=#]?\s?'?-?\d{1,5}\b(?![-./:]\d)/gi,
  /\b(?:fehlercode|fehlernummer|errorcode|statuscode|returncode|reasoncode|fehler-nr\.?)\W{0,3}-?\d{1,6}\b/gi,
  /(?<![\p{L}] )(?<![\p{L}])code\W{1,3}-?\d{1,6}\b/giu,
  /\bHTTP(?:S)?(?:\/\d(?:\.\d)?)?\W{0,3}[1-5]\d\d\b/gi,
  // Written as RFC 9110 does, and not behind a word: "order 503 not found" is about an order.
  /(?<![\w.,:/-]|[A-Za-zäöüß]\s|#)[45]\d\d(?=[\s:,-]{1,3}(?:Bad Request|Unauthori[sz]ed|Payment Required|Forbidden|Not Found|Method Not Allowed|Not Acceptable|Proxy Auth|Request Time|Conflict\b|Gone\b|Length Required|Precondition|Payload Too|Request Entity|Content Too|URI Too|Unsupported Media|Unprocessable|Locked\b|Failed Dependency|Too Early|Too Many|Upgrade Required|Internal Server|Not Implemented|Bad Gateway|Service (?:Temporarily )?Unavailable|Gateway Time|Insufficient Storage|Loop Detected|Client Error|Server Error|Error\b))/g,
  /^\(?[45]\d\d\)?(?=[\s:,)-])/g,
  /\b(?:IDoc|status|Statussatz)(?:-|\s|\s?=\s?|:\s?)\(?(?:status\s?)?\d{2,3}\b(?!\s?(?:von|of|\/))(?![-./]?\d)/gi,
  new RegExp(`(?<![\\p{L}\\p{N}.,])(?<!\\d\\s)(?:${SAP_CLASS}) \\(?\\d{3}\\)?(?![\\p{L}\\p{N}.,-])`, "gu"),
  // Without a blank only where nothing but a code stands: "V1382" may be an order.
  new RegExp(`(?<=^|[([])(?:${SAP_CLASS})-?\\d{3}(?=[:)\\]])`, "g"),
  /\b(?:message|nachrichten?|meldungs?)[- ]?(?:no|nr|number|nummer|id)\.?\s?:?\s?[A-Z0-9/_+]{1,20}\s?\d{3}\b/gi,
  // Of EDI: what was refused, and where.
  /\b(?:transaction set|EDI|X12|message type|document type|functional group|acknowledge?ment|ack)\W{0,3}\d{3}\b(?!\d)/gi,
  /(?<![\w.,:/-]|(?:number|nummer|no\.?|nr\.?)\s)(?:997|999|824|855|856|810|850|940|945|846|214)(?=\s(?:rejected|acknowledge?ment|rejection|transaction|document|functional|ASN|advance|invoice)\b)/gi,
  /(?<=\b(?:by|an?|in|functional acknowledge?ment|ack)\s)(?:997|999)\b(?![-./]?\d)/gi,
  /(?<![\w-])(?:TA1(?:0[1-5])?|AK[1-9]|AK(?:10[1-3]|20[1-3]|30[1-4]|40[1-4]|50[1-6]|90[1-9])|IK[345](?:0[1-6])?)(?![\w-]|\.\d)/g,
  /\b(?:AK[59]|IK5)\*[A-Z]\*\d{1,2}\b/g,
  /\bTA1\*[^*~]{1,9}\*[^*~]{1,6}\*[^*~]{1,4}\*R\*\d{3}\b/g,
  /\b(?:segments?|elements?|data elements?|qualifier|loop|segmente?n?|feld|field)\W{1,3}[A-Z][A-Z0-9]{1,4}\d{0,2}\b/gi,
];

/** Words that have a digit and are words. */
const WORDS =
  /(?<![\w-])(?:AS[1-4]|X12|S3|EC2|B2[BC]|UTF-?(?:8|16|32)|SHA-?(?:1|256|384|512)|MD5|base64|OAuth ?2?(?:\.0)?|HTTP\/?[123](?:\.[01])?|IPv[46]|TLSv?\s?1(?:\.[0-3])?|SSLv[23]|ISO-8859-\d{1,2}|windows-125\d|cp125\d|S\/4HANA|R\/3|3PL|4PL|log4j|DB2|x509|X\.509|utf8mb4|PKCS#?\d{1,2}|AES-?(?:128|192|256)|RSA-\d{4}|gs1-128|SSCC-18|EAN-?(?:8|13)|SOAP 1\.[12]|OData V[24])(?![\w-]|\.\d)/gi;

const PLAIN_DIGITS = /\d/g;
const SET_APART = /[\uE000-\uE009]/g;

const setApart = (code: string): string =>
  code.replace(PLAIN_DIGITS, (digit) => String.fromCharCode(FIRST_DIGIT + Number(digit)));

/** The digits of every code become characters that nothing else is made of. */
export function protectCodes(text: string): string {
  // TA1 names the interchange by its control number, which is of the case.
  let set = text.replace(/\bTA1\*[^*~]{1,9}\*[^*~]{1,6}\*[^*~]{1,4}\*/g, "TA1*#*");
  for (const pattern of CODES) set = set.replace(pattern, setApart);
  return set.replace(WORDS, setApart);
}

export const restoreCodes = (text: string): string =>
  text.replace(SET_APART, (digit) => String(digit.charCodeAt(0) - FIRST_DIGIT));
