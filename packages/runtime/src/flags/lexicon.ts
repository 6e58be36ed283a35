import { plainLetters } from "./plain-letters.ts";

/** What a word can be part of, where somebody instructs a model. */
export type Part = keyof typeof stems;

/**
 * Beginnings of words by what they mean, of languages that put spaces between words; a full stop stands for a word's end.
 * In order: English, Spanish, French, German, Italian, Portuguese, Dutch, Polish, Swedish and its neighbours, Turkish,
 * Finnish, Czech, Romanian, Hungarian, Indonesian, Swahili, Tagalog, Russian, Ukrainian, Greek; the last words are English
 * turned by thirteen letters.
 */
const stems = {
  /** Not to be kept to. */
  ignore: `ignor disregard overrid overrul bypass circumvent disobey sivuuta descart omite omiso desobede neglig
    outrepass contourn desobei missacht ubergeh umgeh verwirf verwerf trascur disobb scarta aggira desconsider
    desobed contorn negeer negeren omzeil passeer zignor pomin pominac obejdz bortse strunta tilsidesæt sidesæt
    yoksay gormezden aldirma ihmal umursama ohita alahuomioi huomiot nevsim prehlizej obejdi figyelmen mellozd
    abaik hiraukan kesampingkan puuza balewalain pansinin игнор проигнор пренебре обойди отмени ігнор проігнор
    знехту αγνοη αγνοει παραβλε vtaber qvfertneq bireevqr olcnff`,
  /** The same, but "do not forget" is said to everybody. */
  forget: `forget olvid oubli vergiss vergess dimentic esquec vergeet zapomn zapomin glom. glem. glemme unut unohda
    zapomen uita. uitati felejts lupakan sahau kalimutan забуд забыт забуд ξεχασ ξεχνα sbetrg`,
  not: `not. don. dont. never. no. nunca ne. pas. jamais nicht nie. niemals non. mai. nao. niet. nooit nie. inte
    aldrig ikke aldri unutma unutmay nezapome alä. jangan usisahau huwag не. никогда μην.`,
  /** What one can be told to keep to. */
  rules: `instruct instrucc instruc instruk istruz direct directi direktiv guideline guidance rule. rules. constraint
    restriction command. commands. regla. reglas. indicaci directric consigne regle. regles. anweisung vorgabe
    regel. regeln regels. richtlini vorschrift befehl regola regole. direttiv indicazion regra. regras. diretriz
    instrucoes aanwijzing richtlijn voorschrift opdracht polecen zasad wytyczn instrukcj regler anvisning
    foreskrift talimat kural yonerge komut ohje. ohjee saanno pokyn pravidl instrukce regul. reguli instructiun
    utasita szabaly aturan perintah petunjuk arahan maagizo maelekezo tagubilin panuto patakaran инструкц правил
    указани директив предписан команд. команды інструкц вказів οδηγι κανον εντολ vafgehpgvba ehyrf. cebzcg`,
  prompt: `prompt. prompts. systemprompt systeemprompt prompttext istem. istemi kehot kehott промпт промт підказ
    подсказк προτροπ`,
  /** Whose rules: of the machine. */
  system: `system. systeme. systeem sistem sistema systemowy systemowe systeemi системн система συστημ systemanweis
    systeminstru systemprompt systeemprompt gizli geheim secret segret tajn hemlig hemmelig salai скрыт секрет
    тайн прихован rahasia ocult nascost verborgen ukryt dold skjult ascuns rejtett titkos κρυφ μυστικ initial
    hidden. secret. internal. developer. fflgrz`,
  your: `your. yours. tus. tes. vos. votre. ton. deine deinen deiner ihre. ihren tuoi. tue. suas. seus. teus. jouw.
    je. jullie twoje swoje dina. dine. senin. sinun tvoje твои твой свои ваши τις. σου.`,
  /** To give away what nobody should know. */
  reveal: `reveal print. repeat output. leak. disclose expose dump. recite revela revele imprim repit repet divulg
    verrat offenbar offenleg wiederhol rivela ripet stampa repita repete onthul herhaal ujawni powtorz wypisz
    avsloj uppreppa upprepa gjenta acikla ifsa tekrarla yazdir paljasta toista prozrad zopakuj dezvalui aruld
    ismeteld ungkap bocor ulangi fichua rudia раскро повтор выведи распечат розкри αποκαλυ επαναλαβ erirny`,
  show: `show. display. send. write. tell. give. share. return. echo. copy. quote. translate. include. append.
    attach. muestra mostra muestre escrib dime. envia copia. affich montr ecris. ecrivez envoie donne. zeig.
    zeige. schreib. nenn. nenne. sende. gib. mostra. scriv invia. dimmi. mostr escrev toon. schrijf stuur. geef.
    pokaz napisz wyslij podaj visa. skriv. skicka goster yaz. gonder nayta kirjoita zobraz napis. posli arata.
    scrie. mutasd tampilkan tulis. kirim onyesha andika ipakita покаж напиш отправ сообщи выдай покажи надішли
    δειξε γραψε`,
  /** To make something run. */
  call: `call. calls. exec. run. llama. appelle. appelez rufe. ruf. aufruf aufrufen fuhre. chiama. chame. chama.
    roep. aanroep uitvoer wywolaj uruchom anropa kor. cagir. calistir kutsu. zavolej spust. apeleaza hivd.
    panggil jalankan ita. вызови вызов. запусти выполни виклич καλεσε`,
  /** The same, said of nothing else. */
  invoke: `invoke invoking invoca invoqu execut ejecut esegui вызови вызов`,
  tool: `tool. tools. toolcall herramienta outil. outils. werkzeug strumento ferramenta gereedschap narzedzi verktyg
    verktoy arac. araci tyokalu nastroj. unealta eszkoz alat. zana. инструмент інструмент εργαλει`,
} as const;

const whole = new Map<string, Set<Part>>();
const beginnings = new Map<string, Set<Part>>();
for (const [part, words] of Object.entries(stems)) {
  if (!isPart(part)) continue;
  for (const word of words.split(/\s+/)) {
    const stem = plainLetters(word.replace(/\.$/, ""));
    const known = word.endsWith(".") ? whole : beginnings;
    known.set(stem, (known.get(stem) ?? new Set()).add(part));
  }
}
const lengths = [...new Set([...beginnings.keys()].map((stem) => stem.length))].sort((a, b) => a - b);

function isPart(name: string): name is Part {
  return Object.hasOwn(stems, name);
}

/** What a word can be part of; of most words nothing. Given as `plainLetters` writes it. */
export function partsOf(word: string): readonly Part[] {
  const found = [...(whole.get(word) ?? [])];
  for (const length of lengths) {
    if (length > word.length) break;
    const parts = beginnings.get(word.slice(0, length));
    if (parts !== undefined) found.push(...parts);
  }
  return found;
}
