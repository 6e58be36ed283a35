/** What these rules know of a country. */
export interface Country {
  readonly languages: readonly string[];
  readonly platforms: readonly string[];
  /** Days on which people give and buy. */
  readonly holidays: readonly string[];
  readonly likes: string;
}

const country = (languages: string, platforms: string, holidays: string, likes: string): Country => ({
  languages: languages.split(", "),
  platforms: platforms.split(", "),
  holidays: holidays.split(", "),
  likes,
});

/** Twenty countries, in words of common knowledge: enough to try things out, no research. */
export const countries: Readonly<Record<string, Country>> = {
  AU: country(
    "English",
    "Facebook, Instagram, YouTube",
    "Australia Day, Christmas in summer",
    "Relaxed, outdoor scenes",
  ),
  BR: country(
    "Portuguese",
    "WhatsApp, Instagram, YouTube",
    "Carnival, Dia dos Namorados in June",
    "Warm colours and people together",
  ),
  CN: country(
    "Chinese",
    "WeChat, Douyin, Xiaohongshu",
    "Lunar New Year, Singles' Day",
    "Gifts, and reviews by known faces",
  ),
  DE: country(
    "German",
    "YouTube, Instagram, WhatsApp",
    "Christmas markets, Easter",
    "Clear facts, tests and durability",
  ),
  ES: country(
    "Spanish",
    "WhatsApp, Instagram, TikTok",
    "Three Kings' Day, Christmas",
    "Family and life outdoors",
  ),
  FR: country(
    "French",
    "Instagram, YouTube, Facebook",
    "Bastille Day, Christmas",
    "Taste, design and a light touch",
  ),
  GB: country("English", "Facebook, Instagram, TikTok", "Christmas, Bank Holidays", "Understated humour"),
  ID: country(
    "Indonesian",
    "WhatsApp, TikTok, Instagram",
    "Eid al-Fitr, Independence Day",
    "Live shows and friendly sellers",
  ),
  IN: country(
    "Hindi, English",
    "WhatsApp, YouTube, Instagram",
    "Diwali, Holi",
    "Value, family and bright colours",
  ),
  IT: country("Italian", "WhatsApp, Instagram, Facebook", "Ferragosto, Christmas", "Style, craft and food"),
  JP: country(
    "Japanese",
    "LINE, YouTube, X",
    "New Year, Golden Week",
    "Care in detail, seasons and packaging",
  ),
  KR: country(
    "Korean",
    "YouTube, KakaoTalk, Instagram",
    "Chuseok, Lunar New Year",
    "New designs and fast trends",
  ),
  MX: country(
    "Spanish",
    "WhatsApp, Facebook, TikTok",
    "Day of the Dead, Christmas posadas",
    "Family, music and colour",
  ),
  NG: country(
    "English",
    "WhatsApp, Facebook, Instagram",
    "Christmas, Eid al-Fitr",
    "Bold looks and known faces",
  ),
  NL: country(
    "Dutch",
    "WhatsApp, Instagram, LinkedIn",
    "King's Day, Sinterklaas",
    "Directness and practical use",
  ),
  PL: country(
    "Polish",
    "Facebook, YouTube, Instagram",
    "Christmas Eve, All Saints' Day",
    "Quality for a fair deal",
  ),
  SE: country(
    "Swedish",
    "YouTube, Instagram, Facebook",
    "Midsummer, Lucia",
    "Calm design and sustainability",
  ),
  TR: country("Turkish", "WhatsApp, Instagram, YouTube", "Eid al-Fitr, Republic Day", "Hospitality and home"),
  US: country(
    "English, Spanish",
    "YouTube, Instagram, TikTok",
    "Thanksgiving, Black Friday",
    "Stories of real users",
  ),
  ZA: country(
    "English, Zulu, Afrikaans",
    "WhatsApp, Facebook, YouTube",
    "Heritage Day, Christmas",
    "Many languages and local pride",
  ),
};

/** Codes of ISO 3166-1 by continent; what is in none is far from people. */
const continents: Readonly<Record<string, { readonly codes: string; readonly platforms: string }>> = {
  Africa: {
    codes:
      "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW IO KE KM LR LS LY MA MG ML MR MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TF TG TN TZ UG YT ZA ZM ZW",
    platforms: "WhatsApp, Facebook, YouTube",
  },
  "the Americas": {
    codes:
      "AG AI AR AW BB BL BM BO BQ BR BS BZ CA CL CO CR CU CW DM DO EC FK GD GF GL GP GT GY HN HT JM KN KY LC MF MQ MS MX NI PA PE PM PR PY SR SV SX TC TT US UY VC VE VG VI",
    platforms: "WhatsApp, Instagram, YouTube",
  },
  Asia: {
    codes:
      "AE AF AM AZ BD BH BN BT CN CY GE HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY NP OM PH PK PS QA SA SG SY TH TJ TL TM TR TW UZ VN YE",
    platforms: "YouTube, Facebook, TikTok",
  },
  Europe: {
    codes:
      "AD AL AT AX BA BE BG BY CH CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA",
    platforms: "YouTube, Instagram, Facebook",
  },
  Oceania: {
    codes: "AS AU CC CK CX FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS",
    platforms: "Facebook, YouTube, Instagram",
  },
  "the far south": { codes: "AQ BV GS HM", platforms: "YouTube, Blog" },
};

const languages = new Intl.DisplayNames("en", { type: "language" });

/** The language that most people of a region speak, as Unicode's data have it. */
function likelyLanguage(code: string): string {
  return languages.of(new Intl.Locale(`und-${code}`).maximize().language) ?? "English";
}

/** What is known of a country: of the twenty by itself, of others by continent and language. */
export function countryOf(code: string): Country & { readonly continent: string } {
  const [continent = "the world", { platforms } = { platforms: "YouTube, Instagram" }] =
    Object.entries(continents).find(([, { codes }]) => codes.split(" ").includes(code)) ?? [];
  const known = Object.hasOwn(countries, code) ? countries[code] : undefined;
  const other = country(
    likelyLanguage(code),
    platforms,
    "New Year, local holidays",
    `What is known in ${continent}`,
  );
  return { ...(known ?? other), continent };
}
