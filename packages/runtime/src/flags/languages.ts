import { plainLetters } from "./plain-letters.ts";

/** How one says to leave, and what: in writing without spaces, or with words that grow at both ends. */
interface Saying {
  readonly leave: string;
  readonly kept: string;
}

const sayings: Readonly<Record<string, Saying>> = {
  chinese: {
    leave:
      "忽略|无视|無視|忽视|忽視|忘记|忘記|忘掉|不要理会|不理會|不要遵守|不要遵循|绕过|繞過|违反|違反|抛开|拋開|泄露|洩露|透露",
    kept: "指令|指示|说明|說明|规则|規則|提示词|提示詞|提示|命令|系统设定|约束|限制|prompt",
  },
  japanese: {
    leave: "無視|忘れ|従わな|従うな|破棄|上書き|無効に|明かし|開示|漏ら",
    kept: "指示|命令|ルール|規則|プロンプト|指令|制約|説明書き|設定",
  },
  korean: {
    leave: "무시|잊어|잊으|잊고|따르지|우회|어기|공개|유출",
    kept: "지시|명령|규칙|프롬프트|지침|설정|안내문",
  },
  arabic: {
    leave: "تجاهل|أهمل|تجاوز|تخطى|تخط|(?<![ء-ي])انس(?![ء-ي])|إكشف|اكشف|لا تتبع",
    kept: "تعليمات|أوامر|الأوامر|قواعد|توجيه|إرشاد|موجه|الموجه",
  },
  hebrew: {
    leave: "התעלמ|התעלם|להתעלם|שכח|תשכח|עקוף|חשוף",
    kept: "הוראות|ההוראות|הנחיות|כללים|הכללים|חוקים|פקודות|פרומפט",
  },
  persian: { leave: "نادیده|فراموش|بی‌توجه|بی توجه|چشم پوشی", kept: "دستور|قوانین|قواعد|راهنما|پرامپت|پرامت" },
  urdu: { leave: "نظر انداز|نظرانداز|بھول|فراموش", kept: "ہدایات|ہدایت|قواعد|احکام|اصول" },
  hindi: {
    leave: "अनदेखा|अनदेखी|नज़रअंदाज़|नजरअंदाज|नज़रंदाज़|भूल|उपेक्षा|भुला|ध्यान न",
    kept: "निर्देश|नियम|आदेश|प्रॉम्प्ट|प्राम्प्ट|हिदायत|अनुदेश",
  },
  bengali: { leave: "উপেক্ষা|ভুলে|অগ্রাহ্য|অবজ্ঞা", kept: "নির্দেশ|নিয়ম|আদেশ|প্রম্পট" },
  tamil: { leave: "புறக்கணி|மறந்து", kept: "வழிமுறை|அறிவுறுத்தல்|விதிகள|கட்டளை" },
  thai: {
    leave: "เพิกเฉย|ละเว้น|ลืม|ไม่ต้องสนใจ|อย่าสนใจ|มองข้าม|ละเลย",
    kept: "คำสั่ง|คำแนะนำ|กฎ|ข้อกำหนด|พรอมต์|พรอมพ์|พรอมท์",
  },
  /** Verbs of several words, of languages that put spaces between. */
  several: {
    leave: `yok say|dikkate alma|göz ardı|caso omiso|no hagas caso|no tengas en cuenta|pasa por alto|no sigas|
      ne tiens pas compte|ne tenez pas compte|aucun compte|abstraction|ne suis pas|ne suivez pas|beachte nicht|nicht beacht|
      halte dich nicht|außer acht|folge nicht|non tenere conto|non tener conto|non considerare|non seguire|lascia perdere|
      não considere|não siga|não leve em|deixe de lado|volg niet|let niet op|nie zwracaj uwagi|nie stosuj|hoppa över|
      följ inte|bry dig inte|se bort fra|ikke følg|не обращай|не следуй|не выполняй|не учитывай|не зважай|jangan ikuti|
      jangan patuhi|nu ține cont|nu lua în|nu urma|nedbej|neřiď se|ne vegye|jätä huomiotta|älä noudata|do not follow the`,
    kept: `instru|istru|directiv|diretriz|indicaci|consigne|règle|anweisung|vorgabe|regel|richtlini|regla|regra|regol|
      aanwijzing|polecen|zasad|wytyczn|regler|talimat|kural|yönerge|komut|инструкц|правил|указан|вказів|aturan|perintah|
      petunjuk|reguli|pokyn|pravidl|utasít|szabály|ohje|sääntö|prompt|rules|guidelines`,
  },
  vietnamese: {
    leave: "bỏ qua|phớt lờ|không tuân theo|quên (?:hết|đi|mọi|tất|các)|lờ đi|tiết lộ",
    kept: "hướng dẫn|chỉ dẫn|chỉ thị|quy tắc|mệnh lệnh|câu lệnh|lời nhắc",
  },
};

/** Characters between the two. */
const NEAR = 60;

const patterns = Object.values(sayings).map(({ leave, kept }) => {
  const [verb, noun] = [leave, kept].map((words) => plainLetters(words).replace(/\s*\n\s*/g, ""));
  return new RegExp(
    `(?:${verb})[\\s\\S]{0,${NEAR}}?(?:${noun})|(?:${noun})[\\s\\S]{0,${NEAR}}?(?:${verb})`,
    "u",
  );
});

/** Whether a text tells somebody to leave rules, in one of these languages. Given as `plainLetters` writes it. */
export function hasForeignOrder(text: string): boolean {
  return patterns.some((pattern) => pattern.test(text));
}
