import { plainLetters } from "./plain-letters.ts";

/** How languages call what reads and writes; of letters that also end words only as words of their own. */
const NAMES = plainLetters(
  "\\b(?:ai|a\\.i\\.|ia|ki|llms?|language models?|classifier|categori[sz]er|extractor|summari[sz]er|" +
    "sprachmodell|modelos? de lenguaje|" +
    "mod[eè]les? de langage|modell[oi] linguistic[oi]|modelos? de linguagem|taalmodel|model j[eę]zykowy|" +
    "spr[aå]kmodell?|sprogmodel|" +
    "dil modeli|yapay zek[aâ]|kielimalli|jazykov[yý] model|model de limb[aă]|nyelvi modell|model bahasa|" +
    "mô hình ngôn ngữ|" +
    "trí tuệ nhân tạo|kecerdasan buatan|inteligencia artificial|intelligence artificielle|intelligenza artificiale|" +
    "inteligência artificial|künstliche intelligenz|sztuczna inteligencja)\\b|(?<!\\p{L})(?:ии|шi|" +
    "штучний iнтелект)(?!\\p{L})|" +
    "языков\\p{L}* модел\\p{L}*|мовн\\p{L}* модел\\p{L}*|искусственн\\p{L}* интеллект\\p{L}*|" +
    "γλωσσικό μοντέλο|τεχνητή νοημοσύνη|" +
    "人工智能|人工智慧|语言模型|語言模型|大模型|言語モデル|人工知能|언어 ?모델|인공지능|نموذج\\p{L}* لغ\\p{L}*|ذكاء اصطناعي|الذكاء الاصطناعي|" +
    "مدل زبانی|هوش مصنوعی|भाषा मॉडल|एआई|कृत्रिम बुद्धि|ভাষা মডেল|โมเดลภาษา|ปัญญาประดิษฐ์|מודל שפה|בינה מלאכותית",
).replaceAll("\\p{l}", "\\p{L}");

/** "If you are": how one turns to whoever may be there. */
const TURNING = plainLetters(
  "\\b(?:if (?:you|u|an?|the|some|any)|in case you|whichever|dear|wenn (?:du|sie|eine?|das|dies)|" +
    "falls (?:du|sie|eine?)|" +
    "si (?:eres|es|usted|tu|vous|un|una|une|le|la|el)|se (?:sei|tu|você|voce|és|un|uma|um|una)|caso você|" +
    "als (?:je|jij|u|een)|" +
    "jeśli (?:jesteś|to)|jeżeli|om (?:du|en)|hvis (?:du|en)|eğer|jos (?:olet|tämän)|pokud (?:jsi|jste)|" +
    "jestli|dacă (?:ești|sunteți)|" +
    "ha (?:te|egy)|jika (?:anda|kamu)|kalau|nếu (?:bạn|là)|sayın|liebe|estimada|chère|cara|beste)\\b|" +
    "(?<!\\p{L})(?:если|якщо|αν)(?!\\p{L})|如果|若你|若是|もし|만약|إذا|لو كنت|اگر|यदि|अगर|যদি|ถ้า|หาก|אם",
).replaceAll("\\p{l}", "\\p{L}");

/** Of a model it is said that it reads this; of what sorts, that it should. */
const READING = plainLetters(
  "\\b(?:reading|processing|parsing|analy[sz]ing|seeing|summari[sz]ing) (?:this|these|the|my|it)\\b|" +
    "\\b(?:liest|lesen|leyendo|lees? esto|" +
    "qui li[ts]|lisant|lisez|leggi|legge|lendo|lê isto|leest|czyta|läser|læser|leser|okuyan|lukee|čte|" +
    "citește|olvas|membaca|đang đọc)|" +
    "чита|читає|读取|阅读|讀取|正在读|読んで|読む|읽고|읽는|يقرأ|تقرأ|पढ़|διαβάζ|อ่าน|קורא",
);
const SORTER =
  "\\b(?:the|any|each|every) (?:classifier|categori[sz]er|extractor|language model|llm|" +
  "summari[sz]er)s? (?:should|must|shall|has to|have to|needs? to|is to|will)\\b";

/** "Attention," before a name. */
const ATTENTION =
  "(?:\\b(?:achtung|attention|atencion|attenzione|atencao|opgelet|let op|uwaga|obs|dikkat|perhatian|huomio|" +
  "pozor|atentie|figyelem|chu y|hinweis|hey|hallo|hola|ciao|bonjour)|внимание|увага|注意|주의|انتباه|ध्यान द)";
/** A machine that nobody names. */
const READER =
  "\\b(?:whoever|whatever|anyone|anything|any (?:system|program|machine|software|process)|the (?:system|" +
  "program|machine|software)) (?:that |which |who )?(?:is |are |be )?(?:automatically |now )?(?:reads?|" +
  "reading|processes|processing|parses|parsing)\\b[^.]{0,40}\\b(?:must|should|shall|has to|have to|add|" +
  "output|write|list)\\b";

const pattern = new RegExp(
  `(?:${TURNING})[^.!?。]{0,24}?(?:${NAMES})|(?:${NAMES})[^.!?。]{0,40}?(?:${READING})|(?:${READING})[^.!?。]{0,24}?(?:${NAMES})|(?:${NAMES})(?:라면|이라면|なら)|${ATTENTION}[ ,:!-]{1,3}(?:${NAMES})|${READER}|${SORTER}`,
  "u",
);

/** Whether a text turns to a model that may read it: "if you are an AI", in many languages. Given as `plainLetters` writes it. */
export function addressesModel(text: string): boolean {
  return pattern.test(text);
}
