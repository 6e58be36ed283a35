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

/** "Your task is", as nobody says it in an export. */
const YOUR_TASK =
  "(?:\\b(?:tu (?:nueva )?tarea es|tu (?:verdadera )?mision es|ta (?:nouvelle |vraie )?tache (?:est|consiste)|votre (?:nouvelle )?tache (?:est|consiste)|" +
  "deine (?:neue |eigentliche )?aufgabe (?:ist|lautet)|il tuo (?:nuovo |vero )?compito e|(?:sua|tua) (?:nova )?tarefa e|je (?:nieuwe )?taak is|" +
  "twoim (?:nowym )?zadaniem|twoje (?:nowe )?zadanie to|din (?:nya )?uppgift ar|(?:yeni )?gorevin|tugas (?:baru )?(?:anda|kamu)|" +
  "nhiem vu (?:moi )?cua ban|tvym (?:novym )?ukolem|sarcina ta|a feladatod)\\b|" +
  "тво[яе] (?:новая |новое )?(?:задача|задание)|тво[еє] завдання|你的(?:新)?任务|你的(?:新)?任務|あなたの(?:新しい|本当の)?(?:タスク|任務|仕事)は|" +
  "당신의 (?:새로운 )?(?:과제|작업|임무)|مهمتك|وظيفتك الان|आपका (?:नया )?(?:कार्य|काम) (?:ह|अब))";

/** What is said to a machine, mostly in English, with what a person could say as well left out. */
const phrases: readonly string[] = [
  `${NOW}[\\s\\S]{0,60}?${NATURE}`,
  "\\b(?:pretend|act) (?:to be|as|as if you (?:are|were))\\b[^.]{0,40}\\b(?:assistant|ai|llm|model|bot|dan|root|administrator|system)\\b",
  `\\b(?:attention|note|notice|message|memo|hint|instructions?) ?(?:to|for) (?:the |any |all )?${MACHINE}\\b`,
  "\\b(?:instructions?|notes?|orders?|message) (?:to|for) (?:the|this|any|every) (?:model|classifier|reader|parser|system|agent|bot)\\b",
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
  "\\b(?:data|files?|ids?|personas?|records?|exports?|documents?|information|items?|keys?|names?) (?:of|from|about|for) (?:the |all |any )?(?:other|another|every other|different) (?:users?|persons?|people|customers?|tenants?|clients?)\\b",
  // The task is another one, or what came before it counts no more.
  "\\b(?:your|the) (?:\\w+ )?(?:task|job|assignment|analysis|extraction) (?:is|has been|was) (?:now |hereby )?(?:cancel\\w*|changed|replaced|superseded|void|over|suspended|aborted|withdrawn)\\b",
  "\\byour (?:new|real|actual|true|only|next|sole) (?:task|job|assignment|mission|objective|goal|purpose|role|instruction)\\b",
  "\\b(?:new|another|different) (?:task|assignment|mission|objective) (?:for you|now|follows|instead|from here)\\b",
  "\\b(?:set|put|leave|throw|cast|push|lay)\\b[^.]{0,40}\\b(?:rules?|instructions?|guidance|guidelines?|prompt|task|briefing|polic(?:y|ies))\\b[^.]{0,12}\\b(?:aside|away|behind)\\b|\\b(?:set|put|leave|throw|cast|push|lay) (?:aside|away)\\b[^.]{0,40}\\b(?:rules?|instructions?|guidance|guidelines?|prompt|task|briefing|polic(?:y|ies))\\b",
  "\\bstop (?:following|obeying|applying|using) (?:the|your|any|all|these|those)\\b",
  "\\bno longer (?:appl(?:y|ies)|binds?|valid|in force|counts?)\\b[^.]{0,30}\\b(?:rules?|instructions?|guidance|guidelines|prompt|task)\\b",
  "\\b(?:rules?|instructions?|guidance|guidelines|prompt|task)\\b[^.]{0,30}\\bno longer (?:appl(?:y|ies)|binds?|valid|in force|counts?)\\b",
  "\\b(?:this is|i am|speaking:?|here speaks) (?:the|your) (?:operator|system|administrator|supervisor|creator|system owner|model owner|prompt author)\\b",
  "\\b(?:message|order|update|instruction|notice)s? (?:from|by|of) (?:the|your) (?:operator|developers?|system|model provider|creator|prompt author)\\b",
  "\\bwhat(?:ever)? you (?:were|have been|had been|'ve been) (?:told|instructed|given|asked)\\b",
  "\\b(?:everything|anything|all|whatever|nothing)(?: \\w+){0,3} (?:before|above|preceding|prior to|up to|until|until now,?) (?:this|the) (?:\\w+ )?(?:line|point|record|row|entry|text|sentence|marker|mark)\\b",
  "\\byour (?:system|initial|first|original|hidden|developer|secret) (?:message|text|setup|configuration|briefing)s?\\b",
  "\\b(?:repeat|print|output|copy|recite|write)\\b[^.]{0,60}\\b(?:verbatim|word for word)\\b",
  "\\bwhat you (?:know|remember|saw|have seen|learned|read)\\b[^.]{0,40}\\b(?:before|other|previous|another|earlier|last)\\b",
  "\\b(?:from now on|desormais|a partir de ahora|ab jetzt|ab sofort|d'ora in poi|a partir de agora|vanaf nu|od teraz|отныне|теперь)[ ,]{1,2}(?:\\S+ ){0,2}?(?:you work|you serve|you obey|tu travailles|vous travaillez|trabajas|arbeitest|lavori|trabalha|werk je|pracujesz|ты работаешь)",
  "\\bbegin (?:\\w+ )?(?:admin|system|prompt|instructions?|policy|override|developer)\\b[\\s\\S]{0,300}?\\bend\\b",
  // Masks, and what an image's address carries away.
  "\\b(?:undo|reverse|remove|lift|disable|turn off|skip|restore|decode|bypass)\\b[^.]{0,25}\\b(?:mask(?:s|ed|ing)?|redact\\w*|anonymi\\w*|censor\\w*|hidden digits|full (?:card )?numbers?)\\b",
  "!\\[[^\\]]{0,100}\\]\\(https?://[^)\\s]{1,300}\\?(?:[^)\\s]{0,200}&)?(?:q|d|x|c|s|t|p|data|leak|text|info|content|payload|summary|persona|user|items?|log|m|msg)=",
  // Somebody else, who may do anything.
  "\\b(?:you|act|acting|role|roleplay|character|persona|respond|answer|assistant|reply)\\b[^.]{0,60}\\b(?:no|without(?: any)?|free (?:of|from)(?: all| any)?|not bound by(?: any)?|beyond(?: all)?) (?:\\w+ )?(?:restrictions?|filters?|guidelines?|censorship|constraints?|rules|safeguards?|safety)\\b",
  "\\b(?:role-?play|play the (?:role|part|character) of|stay in character)\\b[^.]{0,60}\\b(?:assistant|ai|bot|model|hacker|unrestricted|evil)\\b",
  "\\bunrestricted (?:assistant|ai|model|mode|access)\\b|\\buncensored (?:assistant|ai|model|mode)\\b",
  YOUR_TASK,
  "\\b(?:tool_call|tool_use|function_call|tool_choice|tooluse)s?\\b",
  "\\byou (?:must|have to|should|shall|will) (?:now )?(?:output|obey|comply|call the|ignore|disregard|reveal|categori[sz]e)\\b",
];

const pattern = new RegExp(phrases.join("|"));

/** Whether a text says what is only said to a machine. Given as `plainLetters` writes it. */
export function hasPhrase(text: string): boolean {
  return pattern.test(text);
}
