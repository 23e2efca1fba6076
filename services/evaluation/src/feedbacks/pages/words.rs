//! The words of the raters' page.

use shared_types::Words;

pub(super) const TITLE: Words = Words {
    en: "Feedback to {name}",
    sv: "Återkoppling till {name}",
    da: "Feedback til {name}",
};
pub(super) const OWN_TITLE: Words = Words {
    en: "Rate yourself",
    sv: "Bedöm dig själv",
    da: "Bedøm dig selv",
};
pub(super) const UNTIL: Words = Words {
    en: "It can be answered until {date}.",
    sv: "Du kan svara till och med {date}.",
    da: "Du kan svare til og med {date}.",
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
pub(super) const DECLINED: Words = Words {
    en: "You have said no, and will not be asked again. Your address is erased.",
    sv: "Du har tackat nej och blir inte tillfrågad igen. Din adress är raderad.",
    da: "Du har sagt nej og bliver ikke spurgt igen. Din adresse er slettet.",
};
pub(super) const CLOSED: Words = Words {
    en: "Answers are not taken any more.",
    sv: "Det går inte längre att svara.",
    da: "Der kan ikke længere svares.",
};
pub(super) const RATHER_NOT: Words = Words {
    en: "Would you rather not answer?",
    sv: "Vill du hellre avstå?",
    da: "Vil du hellere lade være?",
};
pub(super) const RATHER_NOT_HINT: Words = Words {
    en: "You need give no reason. {name} sees that you have said no, and can ask somebody else.",
    sv: "Du behöver inte ange något skäl. {name} ser att du har tackat nej och kan fråga någon annan.",
    da: "Du behøver ikke at give en grund. {name} kan se, at du har sagt nej, og kan spørge en anden.",
};
pub(super) const DECLINE: Words = Words {
    en: "Say no",
    sv: "Tacka nej",
    da: "Sig nej",
};
