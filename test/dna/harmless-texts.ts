/** Numbers from 0 to 1, the same for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const shops = [
  "PAYPAL *STEAM",
  "REWE SAGT DANKE",
  "AMZN Mktp US",
  "Boulangerie Règle d'Or",
  "ÖBB TICKET",
  "スターバックス",
  "滴滴出行",
];
const titles = [
  "New Rules: Live",
  "The System: Season 1: Prompt Delivery",
  "Forget Paris",
  "How to Ignore Your Neighbours",
  "Instructions Not Included",
  "Командa А",
  "ゲーム・オブ・スローンズ",
];
const people = ["Zoë Ångström", "李雷", "Олена Коваль", "محمد علي", "Ana María López"];
const jobs = [
  "System Administrator",
  "Prompt Engineer at Acme",
  "Tool Maker",
  "Directeur des règles internes",
  "Leiter Vorschriften",
];
const messages = [
  "Did you follow the instructions for the cake? It was great!",
  "Please send your payment instructions to the bank, thanks for the prompt reply",
  "No olvides las instrucciones del horno",
  "Vergiss nicht die Anleitung für den Tisch, die Regeln hängen an der Tür",
  "The assistant will call you about the tools you ordered",
  "Can you show me the new phone? I'll print the tickets and send them",
  "Je te montre les photos, écris-moi quand tu es rentré",
  "Не забудь купить хлеб, покажу тебе фото вечером",
  "今天晚上一起吃饭吗?规则很简单",
  "System update completed, please restart the computer",
  "You are now connected on Messenger",
  "Let's run the numbers and call it a day",
  "Do you know if AI takes our jobs? I went to the AI meetup, models should be regulated",
  "If you are at home, the agent will ring; reading this book about language and models",
  "Put your phone aside and read the rules of the game",
  "My new task at work is done, what were you told about yours?",
  "Undo the last change and remove your shoes, please reply above this line",
  "Ich freue mich auf meine neue Aufgabe bei der KI-Abteilung",
  "Congrats on your new role! Your new job sounds great, I have a new task for you",
  "Please ignore my previous email and reply with the following details",
  "Never disclose your password or card number to anybody, our bank would not ask",
  "Thanks for your first message, your original message is below",
  "You should ignore him. Forget what I said earlier",
  "Put it on my bucket list, I act as administrator of the club",
  "You can travel without restrictions, remove your mask outside",
  "Dime lo que te dijeron en el banco, por favor",
  "Please write your reply above this line",
  "Tell me what you know about your last trip, send photos of other people too",
  "Play without limits, no restrictions on weekends",
  "I'll act as the host tonight, you bring drinks",
  "Set the alarm to 100 percent volume!",
  "We violated no rules; the judge will disclose the decision",
];

/** Lines as exports of people have them, that mean nobody ill; some with words that instructions have too. */
export function harmlessTexts(count: number, seed: number): string[] {
  const random = seeded(seed);
  const one = (list: readonly string[]) => list[Math.floor(random() * list.length)] ?? "";
  const number = (most: number) => Math.floor(random() * most);
  const date = () =>
    `2024-${String(1 + number(12)).padStart(2, "0")}-${String(1 + number(28)).padStart(2, "0")}`;
  const kinds = [
    () => `${date()},${one(shops)} ${number(1e6)},-${number(500)}.${10 + number(89)},EUR`,
    () => `${one(titles)},${date()},0${number(2)}:${10 + number(49)}:00`,
    () => JSON.stringify({ sender: one(people), content: one(messages), timestamp_ms: 1.7e12 + number(1e9) }),
    () => JSON.stringify({ artistName: one(people), trackName: one(titles), msPlayed: number(4e5) }),
    () => `${one(people)},${one(jobs)},${date()},https://example.org/in/${number(1e9).toString(36)}`,
    () => `<p>${one(people)} &middot; ${one(messages)}</p>`,
  ];
  return Array.from({ length: count }, (_, at) => (kinds[at % kinds.length] ?? kinds[0])?.() ?? "");
}
