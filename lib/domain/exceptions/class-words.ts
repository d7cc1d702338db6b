/** The class that the words of a message say, in English or German. The first that fits: the narrow before the wide. */
import type { ExceptionClass } from "./exception";

const RULES: readonly (readonly [ExceptionClass, RegExp])[] = [
  // An EDI acknowledgement that refuses says why in words that elsewhere mean something else.
  ["contract", /rejected by (?:an? )?(?:997|999|ta1|contrl)|\bcontrl\b|\bta1\*\S{0,40}\*r\b|\bak[59]\*r\b/],
  [
    "rate_limit",
    /rate.?limit|too many (?:requests|calls|api calls|concurrent)|throttl|quota|request limit|call limit|exceeded \S{1,20} calls|calls per (?:second|minute)|requests per (?:second|minute|hour)|slow ?down|reduce (?:your )?request rate|limit exceeded for api|concurrency limit|zu viele anfragen|anfragelimit|ratenbegrenzung/,
  ],
  [
    "too_large",
    /too ?(?:large|big|long)\b|toolarge|is larger than|exceeds (?:the |its )?(?:maximum|max|allowed)(?: allowed)? (?:size|length|message size|payload|request)|(?:larger|bigger|longer) than the (?:maximum|max)|maximum (?:message |request |payload |field )?(?:size|length)|message size|entity too large|would be truncated|actual: #, maximum|zu (?:groß|lang)\b|überschreitet die (?:maximale|zulässige) (?:größe|länge)|value larger than specified precision/,
  ],
  [
    "duplicate",
    /duplicate|already (?:exists?|been (?:posted|processed|received|created|entered|used|invoiced|booked|submitted)|posted|processed|received|created|entered|registered|in use|known)|unique (?:constraint|index|key)|not unique\b|existiert bereits|bereits (?:vorhanden|gebucht|verbucht|verarbeitet|angelegt|erfasst|verwendet)|doppelt|dublette/,
  ],
  // Before time-outs: whoever never reached the target waited too.
  ["connection", /could not connect|unable to connect|connection refused|no route to host|unknownhost|unknown host/],
  [
    "intermittent",
    /time[ds]?[- ]?out|timeout|timed out|no answer|no response|deadline exceeded|deadlock|lock(?:ed)? (?:by|wait|request|obtain|could)|is locked|being (?:processed|edited|changed|updated) by|currently (?:being )?(?:processed|locked|in use|edited)|could not (?:obtain|acquire) (?:a |the )?lock|unable to obtain (?:exclusive|lock)|resource busy|temporar(?:y|ily)|try again|retry later|please retry|unavailable|overload|server (?:is )?busy|bad gateway|no free |out of memory|not enough (?:memory|replicas)|shutting down|in maintenance|maintenance (?:mode|window)|read.?only (?:mode|transaction)|concurrent(?:ly)? (?:modif|updat|transaction)|was (?:changed|modified|updated) by (?:another|a different)|optimistic lock|version conflict|lock (?:expired|supplied)|stale|rebalanc|leader not|not (?:the )?leader|zeitüberschreitung|gesperrt durch|gesperrt von|ist (?:durch|von) .{1,40}gesperrt|wird (?:gerade |bereits )?(?:von|durch) .{1,40} ?(?:bearbeitet|gesperrt)|sperr(?:e|konflikt)|vorübergehend|nicht verfügbar\W*(?:später|$)|wartung|internal (?:server )?error|unexpected (?:server |system )?error|unexpected-processing-error|something went wrong|interner (?:server)?fehler|systemfehler/,
  ],
  [
    "connection",
    /connection (?:was |is |has been |attempt )?(?:refused|reset|closed|aborted|lost|terminated|failed|error|broken|could|to .{0,60}(?:failed|refused|closed|lost))|connect(?:ion)? to .{0,80} failed|could not connect|cannot connect|unable to connect|failed to connect|can't connect|no route to host|host (?:is )?(?:unreachable|down|unknown)|unknown host|unknownhostexception|network (?:is )?unreachable|name (?:or service )?not (?:known|resolved)|getaddrinfo|could not resolve|dns|broken pipe|socket (?:hang up|closed|exception|error|is closed)|not reached|no listener|end-of-file on communication|communication failure|link failure|connection pool|peer (?:closed|reset)|premature(?:ly)? clos|premature end of (?:stream|chunk|content|message)|unexpected end of (?:stream|file from server)|verbindung(?:saufbau)? .{0,60}(?:abgelehnt|fehlgeschlagen|getrennt|unterbrochen|abgebrochen|nicht|verloren)|nicht erreichbar|keine verbindung/,
  ],
  [
    "permission",
    /unauthori[sz]ed|not authori[sz]ed|authori[sz]ation|forbidden|permission|access (?:is )?denied|access to .{0,60} denied|insufficient (?:privileges?|rights|scope|permissions?|access)|no authori|not allowed to (?:access|perform|post in)|privileges?\b|(?:invalid|bad|wrong|incorrect) (?:credentials|password|username|token|api key|access token|client|signature|access license)|authenticat|logon|log ?in (?:failed|denied)|(?:token|password|certificate|session|secret|api key|license) (?:has |is |was )?(?:been )?(?:expired|revoked|invalid|not valid|not trusted)|expired (?:token|certificate|credentials)|pkix|certificate|ssl handshake|handshake failure|self.signed|decrypt|keine berechtigung|berechtigung|nicht berechtigt|zugriff verweigert|anmeldung|anmelde|zertifikat|kennwort/,
  ],
  [
    "parse",
    /unexpected (?:token|character|end of (?:json|input|file|document)|end-of-input|eof)|premature end of (?:file|document)|not (?:valid|well-formed|well formed)(?: json| xml)?\b.{0,30}(?:json|xml|document)|not well.?formed|malformed|(?:could not|cannot|failed to|unable to|can't|error) (?:be )?(?:pars|decod|deseriali[sz]|unmarshal|read json|read xml)|pars(?:e|ing|er) (?:error|exception|failed|failure)|json(?:parse|mapping)|deseriali[sz]ation|serializationexception|unrecognized token|invalid (?:json|xml|utf-8|byte|character in|characters? in|encoding|escape)|content is not allowed in prolog|must be terminated by|syntax error|unmarshal|corrupt|checksum|integrity|truncated|unterminated|nicht wohlgeformt|syntaxfehler|ungültige[sr]? (?:json|xml|zeichen)|kann nicht (?:gelesen|geparst|interpretiert)|missing segment terminator|segment terminator/,
  ],
  [
    "contract",
    /schema|cvc-|unknown (?:field|property|element|attribute|message type|event type|type|segment|operation|version|column)|unrecognized (?:field|property|element|segment|message)|additional propert|unexpected (?:element|field|property|segment|type)|unsupported|not supported|no (?:such )?(?:method|operation|mapping|route|handler|endpoint)|(?:method|operation) not (?:allowed|found|supported)|version mismatch|incompatible|table or view does not exist|invalid identifier|(?:relation|column|table|function) \S{1,80} does not exist|control number .{0,60}(?:match|agree)|segment(?: not)? .{0,40}(?:sequence|defined|unexpected)|transaction set|functional group|interchange|not in proper sequence|wrong number (?:or types )?of arguments|soapaction|media type|content.type|rejected by (?:997|999|ta1)|not of type|expected type|nicht unterstützt|unbekannte[rs]? (?:feld|element|typ|segment|nachrichtentyp)|strukturfehler|schemavalidierung/,
  ],
  [
    "business",
    /posting period|posting only possible in|\batp\b|sourcing failed|shortage|lot expired|reservation .{0,60}expired|before the earliest|dangerous goods|abholtermin|period .{0,40}(?:not open|closed|locked)|period (?:is )?closed|closed period|fiscal (?:year|period)|(?:accounting|posting) .{0,30}closed|buchungsperiode|periode .{0,40}(?:nicht (?:geöffnet|offen)|geschlossen|gesperrt)|credit|kredit|deficit|(?:insufficient|not enough|no) (?:stock|inventory|quantity|funds|balance|budget|availability|capacity)|stock (?:is )?(?:not available|insufficient|shortage)|out of stock|unterschreit|nicht genügend bestand|bestand|fehlmenge|not available in (?:the )?(?:required|requested|warehouse|plant)|only # .{0,60}available|blocked|gesperrt|on hold|\bhold\b|embargo|denied party|sanction|export control|declined|not deliverable|undeliverable|no service|service .{0,60}not (?:available|offered) (?:for|to|between|from)|cannot be (?:cancel|revers|ship|chang|post|deliver|bill|return|deleted)|already (?:cancel|ship|clos|deliver|complet|invoic|deleted|fully)|bereits (?:storniert|geliefert|abgeschlossen|fakturiert|erledigt)|(?:order|delivery|document|shipment) (?:#\s?)?(?:is|was|has been) (?:cancel|clos|complet|delet)|tolerance|toleranz|over.?deliver|over.?ship|exceeds (?:the )?(?:open|ordered|remaining|available|order|delivery) |exceeds? .{0,40}(?:limit|quantity|budget|tolerance)|over the .{0,30}limit|limit (?:has been |is |was )?(?:exceeded|reached)|überschritten|cut.?off|no pick face|price .{0,40}(?:differ|mismatch|deviat)|preisabweichung|balance .{0,30}(?:not zero|in transaction currency)|saldo|not (?:yet )?released|nicht freigegeben|freigabe|minimum order|discontinued|expired batch|shelf life|mhd|business rule|not permitted for|not allowed (?:for|in) (?:this|the) (?:status|state|period|customer)|in status|im status/,
  ],
  [
    "missing",
    /missing|required|partner profile|cannot insert (?:the value )?null|allow nulls|mandatory|must (?:be (?:specified|provided|entered|supplied|given|filled)|not be (?:null|empty|blank)|have|contain)|cannot be (?:null|empty|blank)|may not be (?:null|empty|blank)|not null constraint|is (?:null|empty|blank)\b|(?:no|without) (?:value|entry|data|record|account|customer|material|price|batch|address|mapping|partner|cost center|tax code)|enter (?:a |an |the )|specify (?:a |an |the )|does(?: not|n't) exist|do not exist|not exist|not (?:found|defined|maintained|assigned|known|specified|provided|extended|configured|set up|determined|created)|cannot find|could not (?:find|be found|be determined|determine)|no (?:such|matching|valid)|unknown (?:material|customer|sku|item|product|article|partner|plant|location|vendor|carrier|order|account|sender|receiver)|not recogni[sz]ed|parent key|foreign key|fehlt|fehlend|pflichtfeld|erforderlich|nicht (?:gefunden|vorhanden|definiert|gepflegt|angelegt|bekannt|zugeordnet|angegeben|ermittelt|eingerichtet|vorgesehen)|existiert nicht|(?:geben|bitte) .{0,30}(?:ein|angeben)\b|unbekannt/,
  ],
  [
    "value",
    /invalid|not (?:a )?valid|illegal|wrong|incorrect|out of (?:range|bounds)|must (?:be|match|equal)|should be|is not (?:a |an )?(?:number|date|integer|boolean|allowed|permitted|numeric)|not a valid|cannot convert|conversion (?:failed|error)|could not convert|cast|format|does not match|mismatch|unexpected value|not (?:one of|in the list|in range|unique|equal|consistent|correct|accepted)|inconsistent|negative|overflow|ungültig|unzulässig|falsch|nicht (?:zulässig|gültig|erlaubt|korrekt|numerisch)|stimmt nicht|unplausibel|address .{0,40}(?:verif|correct|ambiguous)|numberformat|bad request|validation/,
  ],
];

/** `words` in lower case, as wordsOf makes them. Null where nothing in them tells. */
export function classOfWords(words: string): ExceptionClass | null {
  return RULES.find(([, pattern]) => pattern.test(words))?.[0] ?? null;
}
