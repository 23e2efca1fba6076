//! The words of the slate's page.

use shared_types::Words;

pub(super) const TITLE: Words = Words {
    en: "Applicants from {municipality}",
    sv: "Sökande från {municipality}",
    da: "Ansøgere fra {municipality}",
};
pub(super) const ROUND: Words = Words {
    en: "Round",
    sv: "Omgång",
    da: "Hold",
};
pub(super) const LAST_DAY: Words = Words {
    en: "Last day to answer",
    sv: "Sista dag att svara",
    da: "Sidste dag for svar",
};
pub(super) const INTRODUCTION: Words = Words {
    en: "You decide who may take part. Endorse or decline each person, and number those you endorse in the order in which they should get a seat: 1 comes first.",
    sv: "Du avgör vilka som får delta. Godkänn eller avslå var och en, och numrera dem du godkänner i den ordning de bör få plats: 1 kommer först.",
    da: "Du afgør, hvem der må deltage. Godkend eller afslå hver person, og nummerér dem, du godkender, i den rækkefølge de bør få plads: 1 kommer først.",
};
pub(super) const ONCE: Words = Words {
    en: "You need not answer for everybody at once: come back by the same link. An answer that is saved can't be changed here.",
    sv: "Du behöver inte svara för alla på en gång: samma länk fungerar igen. Ett svar som är sparat kan inte ändras här.",
    da: "Du behøver ikke svare for alle på én gang: det samme link virker igen. Et svar, der er gemt, kan ikke ændres her.",
};
pub(super) const SAVED: Words = Words {
    en: "Thank you, your answers are saved.",
    sv: "Tack, dina svar är sparade.",
    da: "Tak, dine svar er gemt.",
};
pub(super) const ALL_DONE: Words = Words {
    en: "Everybody on the list is answered. Nothing more is needed.",
    sv: "Alla på listan har fått svar. Inget mer behövs.",
    da: "Alle på listen har fået svar. Der skal ikke mere til.",
};
pub(super) const DECIDED: Words = Words {
    en: "Nothing was saved: somebody on your list is already answered. Below is what holds now; your other choices are still there.",
    sv: "Inget sparades: någon på din lista har redan fått svar. Här nedan står vad som gäller nu; dina övriga val är kvar.",
    da: "Intet blev gemt: nogen på din liste har allerede fået svar. Nedenfor står, hvad der gælder nu; dine øvrige valg er bevaret.",
};
pub(super) const OVER: Words = Words {
    en: "The last day to answer was {date}. Nothing can be answered here any more; contact the organiser if something has to change.",
    sv: "Sista dagen att svara var den {date}. Det går inte längre att svara här; kontakta arrangören om något behöver ändras.",
    da: "Sidste dag for svar var den {date}. Det er ikke længere muligt at svare her; kontakt arrangøren, hvis noget skal ændres.",
};
pub(super) const NOBODY: Words = Words {
    en: "Nobody is on the list just now.",
    sv: "Ingen står på listan just nu.",
    da: "Ingen står på listen lige nu.",
};
pub(super) const WAITING: Words = Words {
    en: "To be answered: {count}",
    sv: "Att svara på: {count}",
    da: "Afventer svar: {count}",
};
pub(super) const ANSWERED: Words = Words {
    en: "Answered: {count}",
    sv: "Besvarade: {count}",
    da: "Besvarede: {count}",
};
pub(super) const MISSED: Words = Words {
    en: "Not answered: {count}",
    sv: "Obesvarade: {count}",
    da: "Ubesvarede: {count}",
};
pub(super) const REPLACES: Words = Words {
    en: "Is to take over {name}’s seat.",
    sv: "Ska ta över platsen efter {name}.",
    da: "Skal overtage pladsen efter {name}.",
};
pub(super) const MOTIVATION: Words = Words {
    en: "Why {name} wants to take part",
    sv: "Varför {name} vill delta",
    da: "Hvorfor {name} vil deltage",
};
pub(super) const ANSWER: Words = Words {
    en: "Your answer",
    sv: "Ditt svar",
    da: "Dit svar",
};
pub(super) const ENDORSE: Words = Words {
    en: "Endorse",
    sv: "Godkänn",
    da: "Godkend",
};
pub(super) const DECLINE: Words = Words {
    en: "Decline",
    sv: "Avslå",
    da: "Afslå",
};
pub(super) const LATER: Words = Words {
    en: "Later",
    sv: "Senare",
    da: "Senere",
};
pub(super) const RANK: Words = Words {
    en: "Rank",
    sv: "Rang",
    da: "Prioritet",
};
pub(super) const OPTIONAL: Words = Words {
    en: "(optional)",
    sv: "(frivilligt)",
    da: "(valgfrit)",
};
pub(super) const MOTIVE: Words = Words {
    en: "Motive",
    sv: "Motivering",
    da: "Begrundelse",
};
pub(super) const MOTIVE_HINT: Words = Words {
    en: "The applicant and the organiser can read it.",
    sv: "Den sökande och arrangören kan läsa den.",
    da: "Ansøgeren og arrangøren kan læse den.",
};
pub(super) const ADD_MOTIVE: Words = Words {
    en: "Add a motive",
    sv: "Lägg till en motivering",
    da: "Tilføj en begrundelse",
};
pub(super) const WHO: Words = Words {
    en: "Who answers?",
    sv: "Vem svarar?",
    da: "Hvem svarer?",
};
pub(super) const NAME: Words = Words {
    en: "Your name",
    sv: "Ditt namn",
    da: "Dit navn",
};
pub(super) const OWN_TITLE: Words = Words {
    en: "Your title",
    sv: "Din titel",
    da: "Din titel",
};
pub(super) const WHO_HINT: Words = Words {
    en: "Name and title are kept with your answers and shown to the applicants.",
    sv: "Namn och titel sparas med dina svar och visas för de sökande.",
    da: "Navn og titel gemmes med dine svar og vises for ansøgerne.",
};
pub(super) const SAVE: Words = Words {
    en: "Save my answers",
    sv: "Spara mina svar",
    da: "Gem mine svar",
};
pub(super) const WAS_ENDORSED: Words = Words {
    en: "Endorsed",
    sv: "Godkänd",
    da: "Godkendt",
};
pub(super) const WAS_DECLINED: Words = Words {
    en: "Declined",
    sv: "Avslagen",
    da: "Afslået",
};
pub(super) const WAS_REVOKED: Words = Words {
    en: "Endorsement taken back",
    sv: "Godkännandet återtaget",
    da: "Godkendelsen trukket tilbage",
};
pub(super) const UNANSWERED: Words = Words {
    en: "Not answered in time",
    sv: "Inte besvarad i tid",
    da: "Ikke besvaret i tide",
};
pub(super) const NOT_NEEDED: Words = Words {
    en: "No endorsement is needed",
    sv: "Inget godkännande behövs",
    da: "Ingen godkendelse kræves",
};
pub(super) const BY: Words = Words {
    en: "by {who} on {date}",
    sv: "av {who} den {date}",
    da: "af {who} den {date}",
};
pub(super) const NOTHING_CHOSEN: Words = Words {
    en: "Choose an answer for at least one person.",
    sv: "Välj ett svar för minst en person.",
    da: "Vælg et svar for mindst én person.",
};
pub(super) const CHOOSE_ONE: Words = Words {
    en: "Choose endorse, decline or later.",
    sv: "Välj godkänn, avslå eller senare.",
    da: "Vælg godkend, afslå eller senere.",
};
pub(super) const RANK_ALONE: Words = Words {
    en: "There is a rank but no answer. Endorse, or choose later.",
    sv: "Det finns en rang men inget svar. Godkänn, eller välj senare.",
    da: "Der er en prioritet, men intet svar. Godkend, eller vælg senere.",
};
pub(super) const RANK_NUMBER: Words = Words {
    en: "The rank is a whole number from 1.",
    sv: "Rangen är ett heltal från 1.",
    da: "Prioriteten er et helt tal fra 1.",
};
pub(super) const RANK_TAKEN: Words = Words {
    en: "{holder} has rank {rank} already.",
    sv: "{holder} har redan rang {rank}.",
    da: "{holder} har allerede prioritet {rank}.",
};
