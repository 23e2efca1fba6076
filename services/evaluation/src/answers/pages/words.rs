//! The words of the survey's page.

use shared_types::Words;

pub(super) const UNTIL: Words = Words {
    en: "It can be answered until {date}.",
    sv: "Du kan svara till och med {date}.",
    da: "Du kan svare til og med {date}.",
};
pub(super) const OPTIONAL: Words = Words {
    en: "(optional)",
    sv: "(frivilligt)",
    da: "(valgfrit)",
};
pub(super) const CHOOSE: Words = Words {
    en: "Choose …",
    sv: "Välj …",
    da: "Vælg …",
};
pub(super) const ONLY_IF: Words = Words {
    en: "Only if you answered {answers} to “{question}”; otherwise it is not kept.",
    sv: "Bara om du har svarat {answers} på ”{question}”; annars sparas det inte.",
    da: "Kun hvis du har svaret {answers} på ”{question}”; ellers gemmes det ikke.",
};
pub(super) const SEND: Words = Words {
    en: "Send",
    sv: "Skicka",
    da: "Send",
};
pub(super) const ONCE: Words = Words {
    en: "You answer once; it can't be changed or read again afterwards.",
    sv: "Du svarar en gång; efteråt går det inte att ändra eller läsa svaret.",
    da: "Du svarer én gang; bagefter kan svaret ikke ændres eller læses.",
};
pub(super) const THANKS: Words = Words {
    en: "Thank you, your answer is in.",
    sv: "Tack, ditt svar har kommit in.",
    da: "Tak, dit svar er kommet ind.",
};
pub(super) const CLOSED: Words = Words {
    en: "This survey is not open.",
    sv: "Enkäten är inte öppen.",
    da: "Undersøgelsen er ikke åben.",
};
pub(super) const PHRASE: Words = Words {
    en: "A phrase of your own",
    sv: "En egen fras",
    da: "En egen frase",
};
pub(super) const PHRASE_HINT: Words = Words {
    en: "Make up a few words that only you know and will remember, and write the same words in the other survey. They show which two answers belong together, not whose they are. The words are not kept, and once the last survey is closed nobody can find out whose they were.",
    sv: "Hitta på några ord som bara du känner till och kommer ihåg, och skriv samma ord i den andra enkäten. De visar vilka två svar som hör ihop, inte vems de är. Orden sparas inte, och när den sista enkäten är stängd kan ingen ta reda på vems de var.",
    da: "Find på nogle ord, som kun du kender og kan huske, og skriv de samme ord i den anden undersøgelse. De viser, hvilke to svar der hører sammen, ikke hvis de er. Ordene gemmes ikke, og når den sidste undersøgelse er lukket, kan ingen finde ud af, hvis de var.",
};
