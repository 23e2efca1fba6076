//! The words of invitations: in mails and on the page.

use shared_types::{Language, Words, scheduling::invitations::InvitationVerdict};

pub(super) const SUBJECT: Words = Words {
    en: "Invitation: {name}",
    sv: "Inbjudan: {name}",
    da: "Invitation: {name}",
};
pub(super) const MOVED: Words = Words {
    en: "Changed: {name}",
    sv: "Ändrat: {name}",
    da: "Ændret: {name}",
};
pub(super) const CANCELLED: Words = Words {
    en: "Cancelled: {name}",
    sv: "Inställt: {name}",
    da: "Aflyst: {name}",
};
pub(super) const AS_MENTOR: Words = Words {
    en: "You have been a mentor, and are invited to celebrate with the participants.",
    sv: "Du har varit mentor och är inbjuden att fira med deltagarna.",
    da: "Du har været mentor og er inviteret til at fejre det med deltagerne.",
};
pub(super) const AS_DIRECTOR: Words = Words {
    en: "Leaders of your municipality take part, and you are invited to celebrate with them.",
    sv: "Ledare från din kommun deltar, och du är inbjuden att fira med dem.",
    da: "Ledere fra din kommune deltager, og du er inviteret til at fejre det med dem.",
};
pub(super) const PLEASE_ANSWER: Words = Words {
    en: "Open the page to say whether you come. You can change the answer until it begins.",
    sv: "Öppna sidan och säg om du kommer. Du kan ändra svaret tills det börjar.",
    da: "Åbn siden, og sig om du kommer. Du kan ændre svaret, indtil det begynder.",
};
pub(super) const NEW_TIMES: Words = Words {
    en: "Something about it has changed; this is what holds now. Your answer stays unless you change it.",
    sv: "Något har ändrats; det här gäller nu. Ditt svar står kvar om du inte ändrar det.",
    da: "Noget er ændret; dette gælder nu. Dit svar står ved magt, medmindre du ændrer det.",
};
pub(super) const NO_LONGER: Words = Words {
    en: "It will not be held, or not with you as a guest. Nothing is needed of you.",
    sv: "Det blir inte av, eller inte med dig som gäst. Du behöver inte göra något.",
    da: "Det bliver ikke til noget, eller ikke med dig som gæst. Du behøver ikke gøre noget.",
};
pub(super) const DAYS_GONE: Words = Words {
    en: "It will not be held at this time any more. What holds instead comes in another message.",
    sv: "Det blir inte av den här tiden längre. Vad som gäller i stället kommer i ett annat meddelande.",
    da: "Det holdes ikke længere på dette tidspunkt. Hvad der gælder i stedet, kommer i en anden besked.",
};
pub(super) const NO_DAYS: Words = Words {
    en: "The date will be announced.",
    sv: "Datum meddelas senare.",
    da: "Datoen meddeles senere.",
};
pub(super) const WHEN: Words = Words {
    en: "When",
    sv: "När",
    da: "Hvornår",
};
pub(super) const WHERE: Words = Words {
    en: "Where",
    sv: "Var",
    da: "Hvor",
};
pub(super) const FOR: Words = Words {
    en: "Invitation for {name}",
    sv: "Inbjudan till {name}",
    da: "Invitation til {name}",
};
pub(super) const QUESTION: Words = Words {
    en: "Do you come?",
    sv: "Kommer du?",
    da: "Kommer du?",
};
pub(super) const YES: Words = Words {
    en: "Yes, I come",
    sv: "Ja, jag kommer",
    da: "Ja, jeg kommer",
};
pub(super) const NO: Words = Words {
    en: "No, I can’t come",
    sv: "Nej, jag kan inte",
    da: "Nej, jeg kan ikke",
};
pub(super) const MAYBE: Words = Words {
    en: "I don’t know yet",
    sv: "Jag vet inte än",
    da: "Jeg ved det ikke endnu",
};
pub(super) const COMMENT: Words = Words {
    en: "A word to the organiser",
    sv: "Ett ord till arrangören",
    da: "Et ord til arrangøren",
};
pub(super) const CHOOSE: Words = Words {
    en: "Choose an answer.",
    sv: "Välj ett svar.",
    da: "Vælg et svar.",
};
pub(super) const ANSWERED: Words = Words {
    en: "Your answer: {verdict}. You can change it until it begins.",
    sv: "Ditt svar: {verdict}. Du kan ändra det tills det börjar.",
    da: "Dit svar: {verdict}. Du kan ændre det, indtil det begynder.",
};
pub(super) const OVER: Words = Words {
    en: "It has begun, so that the answer can’t be changed any more.",
    sv: "Det har börjat, så svaret går inte längre att ändra.",
    da: "Det er begyndt, så svaret kan ikke længere ændres.",
};

/// A verdict as somebody would say it.
pub(super) const fn verdict(verdict: InvitationVerdict, language: Language) -> &'static str {
    let words = match verdict {
        InvitationVerdict::Yes => YES,
        InvitationVerdict::No => NO,
        InvitationVerdict::Maybe => MAYBE,
    };
    match language {
        Language::English => words.en,
        Language::Swedish => words.sv,
        Language::Danish => words.da,
    }
}
