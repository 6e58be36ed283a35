import { plainLetters } from "./plain-letters.ts";

/** Whom nobody but a prompt addresses. */
const MACHINE = "(?:ai|a\\.i\\.|llms?|assistant|language model|chatbot|gpt|chatgpt)";

/** What a model can be told to keep to. */
const RULES = "(?:rules?|instructions?|guidance|guidelines?|prompt|task|briefing|polic(?:y|ies))";

/** "You are now", which friends and members are told as well. */
const NOW = plainLetters(
  "(?:you are (?:now|no longer)|you're now|from now on you|you will now act|du bist (?:jetzt|nun|ab)|" +
    "ab jetzt bist du|" +
    "ahora eres|a partir de ahora eres|tu es (?:maintenant|désormais)|vous êtes (?:maintenant|désormais)|ora sei|" +
    "adesso sei|da ora sei|agora (?:você é|és)|você agora é|je bent (?:nu|vanaf)|jesteś teraz|teraz jesteś|" +
    "du är nu|" +
    "artık (?:sen|bir)|sen artık|ты теперь|теперь ты|вы теперь|你现在是|你現在是|从现在起你|あなたは今|今からあなた|" +
    "너는 이제|이제 너는|당신은 이제|이제 당신|أنت الآن|अब तुम|अब आप|आप अब|bây giờ bạn|kamu sekarang|sekarang kamu|anda sekarang)",
);
/** How it goes on where a model is given another nature. */
const NATURE = plainLetters(
  "(?:\\b(?:assist\\w*|asist\\w*|language model|llm|modell?|modelo|modele|chatbot|bot|agent|dan|hacker|pirate|mode|" +
    "modus|modo|unrestricted|jailbroken|ai|ia|ki|root|trợ lý|mô hình)\\b|режим|ассистент|модель|助手|模型|系统|アシスタント|" +
    "モデル|비서|모델|مساعد|نموذج|सहायक|मॉडल)",
);

/** "Your task is", as nobody says it in an export. */
const YOUR_TASK = plainLetters(
  "(?:\\b(?:tu (?:nueva )?tarea es|tu (?:verdadera )?misión es|t[ao] (?:nouvelle |vraie )?tâche (?:est|consiste)|" +
    "votre (?:nouvelle )?tâche (?:est|consiste)|deine (?:neue |eigentliche )?aufgabe (?:ist|lautet)|" +
    "il tuo (?:nuovo |vero )?compito è|(?:sua|tua) (?:nova )?tarefa é|je (?:nieuwe )?taak is|" +
    "twoim (?:nowym )?zadaniem|" +
    "twoje (?:nowe )?zadanie to|din (?:nya )?uppgift är|(?:yeni )?görevin|tugas (?:baru )?(?:anda|kamu)|" +
    "nhiệm vụ (?:mới )?của bạn|tvým (?:novým )?úkolem|sarcina ta|a feladatod)\\b|" +
    "тво[яе] (?:новая |новое )?(?:задача|задание)|тво[єе] завдання|你的(?:新)?(?:任务|任務)|" +
    "あなたの(?:新しい|本当の)?(?:タスク|任務|仕事)は|당신의 (?:새로운 )?(?:과제|작업|임무)|مهمتك|وظيفتك الآن|" +
    "आपका (?:नया )?(?:कार्य|काम) (?:है|अब))",
);

/** What to do with what others left, and with what nobody should see. */
const GIVE =
  "\\b(?:list|show|include|output|add|append|read|access|fetch|return|print|reveal|send|give|dump|export|" +
  "copy|load)\\b";
const OTHERS = "(?:other|another|different|all) (?:users?|customers?|tenants?)";
const THINGS =
  "(?:data|files?|ids?|personas?|records?|exports?|prefix\\w*|documents?|information|folders?|keys?)";

/**
 * What is said to a machine, mostly in English. What people say to each other is left out, as far as it is known: new roles and
 * jobs, earlier e-mails that are to be ignored, bucket lists, banks that warn of telling a password.
 */
const phrases: readonly string[] = [
  `${NOW}[\\s\\S]{0,60}?${NATURE}`,
  "\\b(?:pretend (?:to be|you are|that you are)|act as if you (?:are|were))\\b[^.]{0,40}\\b(?:assistant|ai|" +
    "llm|model|bot|dan|root|system)\\b",
  `\\bact as (?:an? |the |my )?(?:\\w+ )?${MACHINE}\\b`,
  `\\b(?:attention|note|notice|message|memo|hint|instructions?) ?(?:to|for) (?:the |any |all )?${MACHINE}\\b`,
  "\\b(?:instructions?|notes?|orders?|message) (?:to|for) (?:the|this|any|every) (?:model|classifier|reader|" +
    "parser|system|agent|bot)\\b",
  "\\b(?:dear|hey|hello|hi|attention),? (?:ai|llm|assistant|language model|gpt|chatgpt)\\b",
  "\\bas an? (?:ai|large language|language) (?:model|assistant)\\b",
  "\\b(?:ai|llm|assistant)[,:] (?:please |you must |output |ignore |write |reveal )",
  "\\b(?:new|updated|system|admin|developer|override|secret|hidden) (?:instructions?|directives?|commands?|" +
    "prompts?) ?:",
  "\\b(?:system|admin|developer|security) override\\b|\\bdo anything now\\b",
  "\\b(?:enter|activate|enable|switch to|you are in) (?:god|unrestricted|dan|sudo|jailbreak) mode\\b",
  "\\b(?:enter|you are in) (?:developer|admin|debug|maintenance) mode\\b",
  "\\b(?:respond|reply|answer|output) only (?:with|in)\\b|\\b(?:respond|reply|answer) with (?:only|exactly)\\b",
  "\\b(?:respond|reply|answer) (?:in|with) (?:valid |the following )?json\\b",
  "\\b(?:do not|don't|dont|never) (?:mask|redact|flag|anonymi[sz]e|categori[sz]e|classify) (?:this|that|the|" +
    "any|anything|these|it|me|my)\\b",
  `\\b(?:do not|don't|dont|never|stop) (?:follow|obey|apply|us)(?:ing|e)?\\b[^.]{0,30}\\b${RULES}\\b`,
  "\\b(?:disregard|ignore|forget) (?:everything|anything|all|what|whatever)(?! (?:i|he|she|we|they|my|his|" +
    "her)\\b)[^.]{0,40}\\b(?:above|before|previous\\w*|prior|earlier|told|said|instructed)\\b",
  "\\b(?:disregard|ignore|override) (?:the )?(?:above|previous|prior|preceding|earlier)(?! (?:e-?mails?|" +
    "mails?|messages?|texts?|sms|attachments?|versions?|links?|invit\\w+|calls?|posts?|notices?|letters?|" +
    "statements?|payments?|reminders?))\\b",
  "\\bnothing (?:above|before this) (?:counts|applies|matters)\\b",
  "\\b(?:set|mark|report|make|assign|use|give)\\b[^.]{0,30}\\b(?:completeness|" +
    "confidence)\\b[^.]{0,12}\\b(?:1|100|max\\w*|full|highest)\\b",
  `${GIVE}[^.]{0,40}\\b${OTHERS}(?:'?s?'?) ${THINGS}\\b`,
  `${GIVE}[^.]{0,40}\\b${THINGS} (?:of|from|about) (?:the |any )?${OTHERS}\\b`,
  "\\b(?:leak|dump|exfiltrate|unmask|print|output)\\b[^.]{0,40}\\b(?:passwords?|credentials?|secrets|" +
    "api keys?|card numbers?|environment variables|access keys?)\\b",
  "\\b(?:write|save|upload|store|append|export|put|copy|delete|overwrite)\\b[^.]{0,60}(?:s3://|/etc/|\\.\\./)",
  "\\bstage[123]/|\\bpersonas\\.json\\b|\\busr_[0-9a-hjkmnp-tv-z]{26}\\b",
  // The task is another one, or what came before it counts no more.
  "\\b(?:your|the) (?:\\w+ )?(?:task|extraction) (?:is|has been|was) (?:now |hereby )?(?:cancel\\w*|" +
    "replaced|superseded|void|aborted|withdrawn|over)\\b",
  "\\byour (?:new|real|actual|true|only|sole) (?:task|assignment|mission|objective|goal|purpose|" +
    "instruction) ?(?:is|:|now|from)",
  "\\b(?:new|another|different) (?:task|assignment|mission|objective) (?:follows|instead|from here)\\b",
  `\\b(?:set|put|leave|throw|cast|push|lay)\\b[^.]{0,40}\\b${RULES}\\b[^.]{0,12}\\b(?:aside|away|behind)\\b`,
  `\\b(?:set|put|leave|throw|cast|push|lay) (?:aside|away)\\b[^.]{0,40}\\b${RULES}\\b`,
  `\\bno longer (?:appl(?:y|ies)|binds?|valid|in force|counts?)\\b[^.]{0,30}\\b${RULES}\\b`,
  `\\b${RULES}\\b[^.]{0,30}\\bno longer (?:appl(?:y|ies)|binds?|valid|in force|counts?)\\b`,
  "\\b(?:this is|i am|here speaks) (?:your (?:operator|developer|creator|administrator|supervisor|owner)|" +
    "the (?:operator|system operator|model owner|prompt author))\\b",
  "\\b(?:message|order|update|instruction|notice)s? (?:from|by|of) (?:the|your) (?:operator|model provider|" +
    "system operator|prompt author)\\b",
  "\\bwhat(?:ever)? you (?:were|have been|had been|'ve been) (?:told|instructed|given|" +
    "asked)\\b[^.]{0,40}\\b(?:false|wrong|lies?|outdated|void|invalid|untrue|not true|test|obsolete|" +
    "incorrect)\\b",
  "\\b(?:everything|anything|all|whatever|nothing)(?: \\w+){0,3} (?:before|preceding|prior to|up to|" +
    "until) (?:this|the) (?:\\w+ )?(?:line|point|record|row|entry|text|sentence|marker|mark)\\b",
  "\\byour (?:system|hidden|developer|secret) (?:message|text|setup|configuration|briefing)s?\\b|" +
    "\\byour (?:initial|original|first) (?:prompt|system)\\b",
  "\\b(?:repeat|print|output|recite|write)\\b[^.]{0,60}\\b(?:verbatim|word for word)\\b",
  "(?:from now on|desormais|a partir de ahora|ab jetzt|ab sofort|d'ora in poi|a partir de agora|vanaf nu|" +
    "od teraz|отныне|теперь)[ ,]{1,2}(?:\\S+ ){0,2}?(?:you work|you serve|you obey|tu travailles|" +
    "vous travaillez|trabajas|arbeitest|lavori|trabalha|werk je|pracujesz|ты работаешь)",
  "\\bbegin (?:\\w+ )?(?:admin|system|prompt|instructions?|policy|override|developer)\\b[\\s\\S]{0,300}?\\bend\\b",
  YOUR_TASK,
  "\\byou (?:must|have to|should|shall|will) (?:now )?(?:output|obey|disregard|categori[sz]e)\\b",
  // Masks, and what an image's address carries away.
  "\\b(?:undo|reverse|remove|lift|disable|turn off|skip|restore|decode|bypass)\\b[^.]{0,25}\\b(?:masking|" +
    "masked|redact\\w*|anonymi\\w*|censor\\w*|hidden digits|full (?:card )?numbers?)\\b",
  "!\\[[^\\]]{0,100}\\]\\(https?://[^)\\s]{1,300}\\?(?:[^)\\s]{0,200}&)?(?:q|d|x|data|leak|text|" +
    "info|content|payload|summary|persona|user|items?|log|m|msg)=",
  // Somebody else, who may do anything.
  "\\b(?:act|acting|role|roleplay|character|persona|respond|answer|assistant|ai)\\b[^.]{0,60}\\b(?:no|" +
    "without(?: any)?|free (?:of|from)(?: all| any)?|not bound by(?: any)?|" +
    "beyond(?: all)?) (?:\\w+ )?(?:restrictions?|filters?|guidelines?|censorship|constraints?|rules|" +
    "safeguards?|safety)\\b",
  "\\byou(?:'re| are)\\b[^.]{0,30}\\b(?:who|which|that|with) (?:has |have |knows |obeys )?(?:no|" +
    "without any) (?:restrictions?|filters?|rules|constraints?)\\b",
  "\\b(?:role-?play|play the (?:role|part|character) of|stay in character)\\b[^.]{0,60}\\b(?:assistant|ai|" +
    "bot|model|hacker|unrestricted|evil)\\b",
  "\\b(?:unrestricted|uncensored) (?:assistant|ai|model|mode)\\b",
  "\\b(?:tool_call|tool_use|function_call|tool_choice|tooluse)s?\\b",
];

const pattern = new RegExp(phrases.join("|"));

/** Whether a text says what is only said to a machine. Given as `plainLetters` writes it. */
export function hasPhrase(text: string): boolean {
  return pattern.test(text);
}
