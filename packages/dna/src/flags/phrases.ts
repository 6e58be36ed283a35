/** Whom nobody but a prompt addresses. */
const MACHINE = "(?:ai|a\\.i\\.|llms?|assistant|language model|chatbot|gpt|chatgpt)";

/** How "you are now" goes on where a model is given another nature; friends and members are told the same. */
const NATURE =
  "(?:\\b(?:assist\\w*|asist\\w*|language model|llm|modell?|modelo|modele|chatbot|bot|agent|dan|hacker|pirate|mode|modus|modo|" +
  "unrestricted|jailbroken|ai|ia|ki|root|tro ly|mo hinh)\\b|режим|ассистент|модель|助手|模型|系统|アシスタント|モデル|비서|모델|مساعد|" +
  "نموذج|सहायक|मॉडल)";

const NOW =
  "(?:you are (?:now|no longer)|you're now|from now on you|you will now act|du bist (?:jetzt|nun|ab)|ab jetzt bist du|ahora eres|" +
  "a partir de ahora eres|tu es (?:maintenant|desormais)|vous etes (?:maintenant|desormais)|ora sei|adesso sei|da ora sei|" +
  "agora (?:voce e|es)|voce agora e|je bent (?:nu|vanaf)|jestes teraz|teraz jestes|du ar nu|artik (?:sen|bir)|sen artik|" +
  "ты теперь|теперь ты|вы теперь|你现在是|你現在是|从现在起你|あなたは今|今からあなた|너는 이제|이제 너는|당신은 이제|이제 당신|انت الان|" +
  "अब तुम|अब आप|आप अब|bay gio ban|kamu sekarang|sekarang kamu|anda sekarang)";

/** What is said to a machine, mostly in English, with what a person could say as well left out. */
const phrases: readonly string[] = [
  `${NOW}[\\s\\S]{0,60}?${NATURE}`,
  "\\b(?:pretend|act) (?:to be|as|as if you (?:are|were))\\b[^.]{0,40}\\b(?:assistant|ai|llm|model|bot|dan|root|administrator|system)\\b",
  `\\b(?:attention|note|notice|message|memo|hint|instructions?) ?(?:to|for) (?:the |any |all )?${MACHINE}\\b`,
  "\\b(?:dear|hey|hello|hi|attention),? (?:ai|llm|assistant|language model|gpt|chatgpt)\\b",
  "\\bas an? (?:ai|large language|language) (?:model|assistant)\\b",
  "\\bif you(?: a|')?re? an? (?:ai|llm|language model|assistant|bot)\\b",
  "\\b(?:ai|llm|assistant|model)[,:] (?:please |you must |do |output |ignore |write |call |reveal |list |add |return |say )",
  "\\b(?:new|updated|system|admin|developer|override|secret|hidden) (?:instructions?|directives?|commands?|prompts?) ?:",
  "\\b(?:system|admin|developer|security) override\\b",
  "\\b(?:enter|activate|you are in|switch to|enable) (?:developer|god|admin|debug|unrestricted|dan|sudo|jailbreak|maintenance) mode\\b",
  "\\bdo anything now\\b",
  "\\b(?:respond|reply|answer) (?:only )?with (?:only |exactly )?(?:the |this )?(?:following|json|text|word|words|phrase|string|sentence|exactly)\\b",
  "\\b(?:do not|don't|dont|never) (?:mask|redact|flag|anonymi[sz]e|categori[sz]e|classify|follow (?:the|your|any))\\b",
  "\\b(?:disregard|ignore|forget) (?:everything|anything|all|what|whatever)\\b[^.]{0,40}\\b(?:above|before|previous\\w*|prior|earlier|told|said|instructed)\\b",
  "\\b(?:disregard|ignore|override) (?:the )?(?:above|previous|prior|preceding|earlier)\\b",
  "\\bnothing (?:above|before this) (?:counts|applies|matters)\\b",
  "\\b(?:set|mark|report|make|assign|put) (?:the |every |all |its |your )?(?:\\w+ ){0,2}(?:completeness|confidence)\\b",
  "\\b(?:list|show|include|output|read|access|fetch|return|print|reveal|send|give|dump|export|copy|load)\\b[^.]{0,40}\\b(?:other|another|all|every|different) (?:users?|persons?|customers?|tenants?)(?:'?s?'?) (?:data|files?|ids?|personas?|records?|exports?|prefix\\w*|documents?|information|folders?|keys?)\\b",
  "\\b(?:reveal|leak|dump|exfiltrate|unmask|print|output|disclose)\\b[^.]{0,40}\\b(?:passwords?|credentials?|secrets?|api keys?|card numbers?|environment variables|access keys?)\\b",
  "\\b(?:write|save|upload|store|append|export|put|copy|delete|overwrite)\\b[^.]{0,60}(?:s3://|/etc/|\\.\\./|\\bbucket\\b)",
  "\\bstage[123]/|\\bpersonas\\.json\\b|\\busr_[0-9a-hjkmnp-tv-z]{26}\\b",
  "\\b(?:tool_call|tool_use|function_call|tool_choice|tooluse)s?\\b",
  "\\byou (?:must|have to|should|shall|will) (?:now )?(?:output|obey|comply|call the|ignore|disregard|reveal|categori[sz]e)\\b",
];

const pattern = new RegExp(phrases.join("|"));

/** Whether a text says what is only said to a machine. Given as `plainLetters` writes it. */
export function hasPhrase(text: string): boolean {
  return pattern.test(text);
}
