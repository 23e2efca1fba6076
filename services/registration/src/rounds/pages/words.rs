//! The words of the public pages.

use shared_types::Words;

pub(super) const CATALOGUE: Words = Words {
    en: "Programmes",
    sv: "Utbildningar",
    da: "Uddannelser",
};
pub(super) const CATALOGUE_EMPTY: Words = Words {
    en: "There is nothing in the catalogue just now.",
    sv: "Det finns inget i katalogen just nu.",
    da: "Der er intet i kataloget lige nu.",
};
pub(super) const NO_ROUNDS: Words = Words {
    en: "No round is announced just now.",
    sv: "Ingen omgång är utlyst just nu.",
    da: "Intet hold er annonceret lige nu.",
};
pub(super) const AUDIENCE: Words = Words {
    en: "For whom",
    sv: "För vem",
    da: "For hvem",
};
pub(super) const ROUNDS: Words = Words {
    en: "Rounds",
    sv: "Omgångar",
    da: "Hold",
};
pub(super) const TO_CATALOGUE: Words = Words {
    en: "All programmes",
    sv: "Alla utbildningar",
    da: "Alle uddannelser",
};
pub(super) const ORGANISER: Words = Words {
    en: "Organiser",
    sv: "Arrangör",
    da: "Arrangør",
};
pub(super) const HELD: Words = Words {
    en: "When",
    sv: "När",
    da: "Hvornår",
};
pub(super) const STARTS: Words = Words {
    en: "Begins",
    sv: "Börjar",
    da: "Begynder",
};
pub(super) const VENUE: Words = Words {
    en: "Where",
    sv: "Var",
    da: "Hvor",
};
pub(super) const SEATS: Words = Words {
    en: "Seats",
    sv: "Platser",
    da: "Pladser",
};
pub(super) const MINIMUM: Words = Words {
    en: "{seats}; held with at least {least} participants",
    sv: "{seats}; genomförs med minst {least} deltagare",
    da: "{seats}; gennemføres med mindst {least} deltagere",
};
pub(super) const APPLY_WITHIN: Words = Words {
    en: "Applications",
    sv: "Ansökan",
    da: "Ansøgning",
};
pub(super) const CREDITS: Words = Words {
    en: "Credits",
    sv: "Högskolepoäng",
    da: "ECTS-point",
};
pub(super) const WHO_MAY: Words = Words {
    en: "Who may apply",
    sv: "Vem som kan söka",
    da: "Hvem der kan søge",
};
pub(super) const PARTNERS_ONLY: Words = Words {
    en: "People from the organiser’s partner organisations",
    sv: "Du som arbetar i en organisation som samverkar med arrangören",
    da: "Dig fra en organisation, der samarbejder med arrangøren",
};
pub(super) const MANAGERS: Words = Words {
    en: "employed managers",
    sv: "anställda chefer",
    da: "ansatte ledere",
};
pub(super) const ELECTED: Words = Words {
    en: "elected representatives",
    sv: "förtroendevalda",
    da: "folkevalgte",
};
pub(super) const OTHERS: Words = Words {
    en: "others",
    sv: "andra",
    da: "andre",
};
pub(super) const DIRECTOR_DECIDES: Words = Words {
    en: "Your municipal director decides who may take part, at the latest on {date}.",
    sv: "Din kommundirektör eller kommunchef avgör vem som får delta, senast den {date}.",
    da: "Din kommunaldirektør afgør, hvem der må deltage, senest den {date}.",
};
pub(super) const ENDORSED_BY: Words = Words {
    en: "Endorsement",
    sv: "Godkännande",
    da: "Godkendelse",
};
pub(super) const OCCASIONS: Words = Words {
    en: "Occasions",
    sv: "Tillfällen",
    da: "Kursgange",
};
pub(super) const PRICES: Words = Words {
    en: "Price",
    sv: "Pris",
    da: "Pris",
};
pub(super) const RULES: Words = Words {
    en: "Rules",
    sv: "Regler",
    da: "Regler",
};
pub(super) const FEE: Words = Words {
    en: "Participation fee",
    sv: "Deltagaravgift",
    da: "Deltagergebyr",
};
pub(super) const BOARD_AND_LODGING: Words = Words {
    en: "Board and lodging",
    sv: "Kost och logi",
    da: "Kost og logi",
};
pub(super) const OTHER_COST: Words = Words {
    en: "Other cost",
    sv: "Övrig kostnad",
    da: "Øvrig omkostning",
};
pub(super) const PER_PARTICIPANT: Words = Words {
    en: "per participant",
    sv: "per deltagare",
    da: "pr. deltager",
};
pub(super) const PER_YEAR: Words = Words {
    en: "per participant and year",
    sv: "per deltagare och år",
    da: "pr. deltager og år",
};
pub(super) const PER_OCCASION: Words = Words {
    en: "per participant and occasion",
    sv: "per deltagare och tillfälle",
    da: "pr. deltager og kursgang",
};
pub(super) const WITHOUT_VAT: Words = Words {
    en: "excluding {rate} VAT",
    sv: "exklusive {rate} moms",
    da: "ekskl. {rate} moms",
};
pub(super) const NO_VAT: Words = Words {
    en: "excluding VAT; none is added",
    sv: "exklusive moms; ingen moms tillkommer",
    da: "ekskl. moms; der tillægges ingen moms",
};
pub(super) const ABOUT: Words = Words {
    en: "About the programme",
    sv: "Om utbildningen",
    da: "Om uddannelsen",
};
pub(super) const THEMES: Words = Words {
    en: "Themes",
    sv: "Teman",
    da: "Temaer",
};
pub(super) const TRACKS: Words = Words {
    en: "Tracks",
    sv: "Spår",
    da: "Spor",
};
pub(super) const WORK_FORMS: Words = Words {
    en: "Ways of working",
    sv: "Arbetsformer",
    da: "Arbejdsformer",
};
pub(super) const PARTIES: Words = Words {
    en: "Together with",
    sv: "Tillsammans med",
    da: "Sammen med",
};
pub(super) const APPLY: Words = Words {
    en: "Apply",
    sv: "Sök till omgången",
    da: "Ansøg",
};
pub(super) const IS_OPEN: Words = Words {
    en: "Open for applications until {date}",
    sv: "Öppen för ansökan till och med den {date}",
    da: "Åben for ansøgning til og med den {date}",
};
pub(super) const OPENS: Words = Words {
    en: "Opens for applications on {date}",
    sv: "Öppnar för ansökan den {date}",
    da: "Åbner for ansøgning den {date}",
};
pub(super) const IS_CLOSED: Words = Words {
    en: "Applications are closed",
    sv: "Ansökan är stängd",
    da: "Der er lukket for ansøgning",
};
pub(super) const IS_RUNNING: Words = Words {
    en: "The round is under way",
    sv: "Omgången pågår",
    da: "Holdet er i gang",
};
pub(super) const IS_OVER: Words = Words {
    en: "The round has been held",
    sv: "Omgången är genomförd",
    da: "Holdet er gennemført",
};
pub(super) const IS_CANCELLED: Words = Words {
    en: "The round will not be held",
    sv: "Omgången är inställd",
    da: "Holdet er aflyst",
};
pub(super) const HAS_NO_DATES: Words = Words {
    en: "No dates yet",
    sv: "Inga datum än",
    da: "Ingen datoer endnu",
};
pub(super) const INTEREST: Words = Words {
    en: "Tell me when the round opens",
    sv: "Meddela mig när omgången öppnar",
    da: "Giv mig besked, når holdet åbner",
};
pub(super) const INTEREST_HINT: Words = Words {
    en: "There are no dates yet. Leave your address, and you get one mail when applications open. It commits you to nothing.",
    sv: "Det finns inga datum än. Lämna din adress, så får du ett brev när ansökan öppnar. Det är inte bindande.",
    da: "Der er ingen datoer endnu. Efterlad din adresse, så får du én mail, når der åbnes for ansøgning. Det er uforpligtende.",
};
pub(super) const INTEREST_NOTED: Words = Words {
    en: "Thank you. You get a mail when applications open.",
    sv: "Tack. Du får ett brev när ansökan öppnar.",
    da: "Tak. Du får en mail, når der åbnes for ansøgning.",
};
pub(super) const NAME: Words = Words {
    en: "Your name",
    sv: "Ditt namn",
    da: "Dit navn",
};
pub(super) const EMAIL: Words = Words {
    en: "Your e-mail address",
    sv: "Din e-postadress",
    da: "Din e-mailadresse",
};
pub(super) const SEND: Words = Words {
    en: "Tell me",
    sv: "Meddela mig",
    da: "Giv mig besked",
};
pub(super) const NO_EMAIL: Words = Words {
    en: "Type a whole address, such as maja@kommun.example.",
    sv: "Skriv en hel adress, till exempel maja@kommun.example.",
    da: "Skriv en hel adresse, for eksempel maja@kommun.example.",
};
pub(super) const LECTURE: Words = Words {
    en: "lectures",
    sv: "föreläsningar",
    da: "forelæsninger",
};
pub(super) const SEMINAR: Words = Words {
    en: "seminars",
    sv: "seminarier",
    da: "seminarer",
};
pub(super) const GROUP_WORK: Words = Words {
    en: "group work",
    sv: "grupparbete",
    da: "gruppearbejde",
};
pub(super) const DISCUSSION: Words = Words {
    en: "discussions",
    sv: "diskussioner",
    da: "diskussioner",
};
pub(super) const MENTORSHIP: Words = Words {
    en: "mentorship",
    sv: "mentorskap",
    da: "mentorordning",
};
pub(super) const PRACTICE: Words = Words {
    en: "learning in practice",
    sv: "lärande i praktiken",
    da: "læring i praksis",
};
pub(super) const DISTANCE: Words = Words {
    en: "distance learning",
    sv: "distansstudier",
    da: "fjernundervisning",
};
pub(super) const RESIDENTIAL: Words = Words {
    en: "residentials",
    sv: "internat",
    da: "internater",
};
