import { type Part, partsOf } from "./lexicon.ts";
import { plainLetters } from "./plain-letters.ts";

/** What stood before a file, as only its reader can know: "before this line". */
const BEFORE = plainLetters(
  "\\b(?:before|prior to|preceding) (?:reading )?this (?:line|file|text|message|record|row|document|export|" +
    "person|one)\\b|" +
    "\\bantes de (?:leer )?est[ea] (?:archivo|línea|texto|mensaje|documento)|" +
    "\\bavant (?:de lire )?(?:cette?|ce) (?:ligne|fichier|texte|message|document)|" +
    "\\bvor diese[rmn] (?:zeile|datei|text|nachricht)|" +
    "\\bprima di (?:leggere )?quest[oa] (?:riga|file|testo|messaggio)|\\bantes (?:de ler |" +
    "d)est[ea] (?:linha|arquivo|texto|ficheiro)|" +
    "\\bvoor deze? (?:regel|bestand|tekst)|\\bvoor dit (?:bestand|bericht)|" +
    "\\bprzed (?:tym|tą) (?:wierszem|linią|plikiem|tekstem)|\\bföre den(?:na|här) (?:rad|fil|text)|" +
    "\\bbu (?:satır|dosya|metin)[a-z]* önce|\\bönceki metn|\\bsebelum (?:baris|file|teks) ini|trước (?:dòng|" +
    "tệp|văn bản) này|" +
    "перед (?:этой|этим|цим|цією)|до (?:этой|этого|цього|цієї) (?:строк|файл|текст|рядк)|πριν (?:από )?αυτ|" +
    "この(?:行|文|ファイル|文章)より(?:前|上)|これより(?:前|上)|(?:这|此|該|该|這)一?(?:行|句|文件|段)(?:话|文字)?之前|" +
    "이 (?:줄|문장|파일|글)(?:보다)? ?(?:이전|앞)|قبل هذا (?:السطر|الملف|النص)|" +
    "इस (?:पंक्ति|फ़ाइल|लाइन|संदेश) से पहले|לפני (?:ה)?(?:שורה|קובץ) ה?ז|ก่อนบรรทัดนี้",
);

/** What somebody was told, which people ask each other as well. */
const TOLD = plainLetters(
  "ce qu'on t'a (?:dit|demandé)|ce qui t'a été|lo que te (?:dijeron|han dicho|pidieron|ordenaron)|" +
    "was (?:dir|man dir|ihnen) (?:gesagt|befohlen|aufgetragen|zuvor|vorher)|(?:quello|ciò) che ti (?:hanno|" +
    "è stato)|" +
    "o que (?:te|lhe) (?:disseram|pediram|foi)|wat (?:je|men je|u) (?:verteld|gezegd|gevraagd|opgedragen)|" +
    "co ci (?:powiedziano|kazano)|vad du (?:har )?fått (?:höra|veta)|что тебе (?:говорили|сказали|велели|было)|" +
    "що тобі (?:казали|сказали)|sana (?:söylenen|verilen)|apa yang (?:dikatakan|diberitahukan)|" +
    "之前(?:告诉|告訴|对|對)你|言われたこと|들은 (?:것|말|내용)|ما (?:قيل|طلب) (?:لك|منك)|(?:तुम्हें|आपको) (?:जो )?(?:कहा|बताया)",
);

/** Verbs of the writing that words are not looked up in: to leave, to give away. */
const LEAVE = plainLetters("忘れ|無視|忽略|忘记|忘記|잊|무시|انس|تجاهل|भूल");
const GIVE = plainLetters(
  "出力|表示|書き出|繰り返|教え|输出|輸出|重复|重複|打印|显示|顯示|复述|複述|写出|출력|반복|알려|적어|كرر|اكتب|اطبع|اعرض|" +
    "लिख|दोहर|बता|दिखा|कह|כתוב|הדפס|חזור|พิมพ์|แสดง",
);

/** Characters before and after that belong to what is asked. */
const AROUND = 90;

const asked = [
  {
    place: new RegExp(BEFORE, "g"),
    verbs: new RegExp(`${LEAVE}|${GIVE}`),
    parts: ["reveal", "show", "forget", "ignore"],
  },
  { place: new RegExp(TOLD, "g"), verbs: new RegExp(LEAVE), parts: ["forget", "ignore"] },
] as const satisfies readonly { place: RegExp; verbs: RegExp; parts: readonly Part[] }[];

/** Whether a text asks to give away or to leave what stood before it. Given as `plainLetters` writes it. */
export function asksForWhatWasBefore(text: string): boolean {
  return asked.some(({ place, verbs, parts }) => {
    // Nearly no text has it, and to find all places costs ten times as much as to find none.
    if (text.search(place) < 0) return false;
    const wanted: ReadonlySet<Part> = new Set(parts);
    return Array.from(text.matchAll(place))
      .map(({ index, 0: { length } }) => text.slice(Math.max(0, index - AROUND), index + length + AROUND))
      .some(
        (around) =>
          verbs.test(around) || words(around).some((word) => partsOf(word).some((part) => wanted.has(part))),
      );
  });
}

function words(text: string): readonly string[] {
  return text.match(/\p{L}+/gu) ?? [];
}
