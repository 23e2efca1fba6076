//! The words of the applicants' pages.

use shared_types::Words;

pub(super) const APPLY: Words = Words {
    en: "Apply",
    sv: "Ansökan",
    da: "Ansøgning",
};
pub(super) const INTRODUCTION: Words = Words {
    en: "It takes a few minutes. Afterwards you get a mail with a link by which you send the application.",
    sv: "Det tar några minuter. Sedan får du ett brev med en länk som du skickar in ansökan med.",
    da: "Det tager nogle minutter. Bagefter får du en mail med et link, som du sender ansøgningen med.",
};
pub(super) const NAME: Words = Words {
    en: "Name",
    sv: "Namn",
    da: "Navn",
};
pub(super) const NOT_FOR_TITLE: Words = Words {
    en: "This round is not for people with this title.",
    sv: "Omgången är inte för personer med den här befattningen.",
    da: "Holdet er ikke for personer med denne stilling.",
};
pub(super) const OWN_TITLE: Words = Words {
    en: "Title at work",
    sv: "Befattning",
    da: "Stilling",
};
pub(super) const ORGANISATION: Words = Words {
    en: "Municipality or organisation",
    sv: "Kommun eller organisation",
    da: "Kommune eller organisation",
};
pub(super) const DEPARTMENT: Words = Words {
    en: "Department",
    sv: "Förvaltning",
    da: "Forvaltning",
};
pub(super) const EMAIL: Words = Words {
    en: "E-mail at work",
    sv: "E-post i arbetet",
    da: "E-mail på arbejdet",
};
pub(super) const EMAIL_HINT: Words = Words {
    en: "We send the link there.",
    sv: "Dit skickar vi länken.",
    da: "Dertil sender vi linket.",
};
pub(super) const KIND: Words = Words {
    en: "You are",
    sv: "Du är",
    da: "Du er",
};
pub(super) const MANAGER: Words = Words {
    en: "Employed manager",
    sv: "Anställd chef",
    da: "Ansat leder",
};
pub(super) const ELECTED: Words = Words {
    en: "Elected representative",
    sv: "Förtroendevald",
    da: "Folkevalgt",
};
pub(super) const OTHER: Words = Words {
    en: "Something else",
    sv: "Något annat",
    da: "Noget andet",
};
pub(super) const GENDER: Words = Words {
    en: "Gender",
    sv: "Kön",
    da: "Køn",
};
pub(super) const GENDER_HINT: Words = Words {
    en: "Only the organiser sees it, for a balanced group and for statistics. Not saying is never a disadvantage.",
    sv: "Bara arrangören ser det, för en jämn grupp och för statistik. Att inte uppge det är aldrig till nackdel.",
    da: "Kun arrangøren ser det, for en ligelig gruppe og for statistik. Det er aldrig en ulempe ikke at oplyse det.",
};
pub(super) const WOMAN: Words = Words {
    en: "Woman",
    sv: "Kvinna",
    da: "Kvinde",
};
pub(super) const MAN: Words = Words {
    en: "Man",
    sv: "Man",
    da: "Mand",
};
pub(super) const OTHER_GENDER: Words = Words {
    en: "Other",
    sv: "Annat",
    da: "Andet",
};
pub(super) const UNDISCLOSED: Words = Words {
    en: "I’d rather not say",
    sv: "Vill inte uppge",
    da: "Ønsker ikke at oplyse",
};
pub(super) const MOTIVATION: Words = Words {
    en: "Why you want to take part",
    sv: "Varför du vill delta",
    da: "Hvorfor du vil deltage",
};
pub(super) const MOTIVATION_HINT: Words = Words {
    en: "A few sentences are enough. Whoever decides about the seats reads them.",
    sv: "Några meningar räcker. De som avgör vem som får plats läser dem.",
    da: "Nogle få sætninger er nok. De, der afgør, hvem der får plads, læser dem.",
};
pub(super) const SEND: Words = Words {
    en: "Continue",
    sv: "Fortsätt",
    da: "Fortsæt",
};
pub(super) const MAIL_SENT: Words = Words {
    en: "Nearly done: we have sent you a mail. Open the link in it to send your application. If nothing comes within some minutes, look among the unwanted mail.",
    sv: "Snart klart: vi har skickat ett brev till dig. Öppna länken i det för att skicka in din ansökan. Kommer inget på några minuter, titta bland skräpposten.",
    da: "Næsten færdig: vi har sendt dig en mail. Åbn linket i den for at sende din ansøgning. Kommer der intet i løbet af nogle minutter, så kig i uønsket post.",
};
pub(super) const OPENS: Words = Words {
    en: "Applications open on {date}.",
    sv: "Ansökan öppnar den {date}.",
    da: "Der åbnes for ansøgning den {date}.",
};
pub(super) const CLOSED: Words = Words {
    en: "The last day for applications was {date}.",
    sv: "Sista ansökningsdag var den {date}.",
    da: "Sidste ansøgningsdag var den {date}.",
};
pub(super) const TAKES_NONE: Words = Words {
    en: "The round takes no applications just now.",
    sv: "Omgången tar inte emot ansökningar just nu.",
    da: "Holdet modtager ikke ansøgninger lige nu.",
};
pub(super) const NO_NAME: Words = Words {
    en: "Type only your name.",
    sv: "Skriv bara ditt namn.",
    da: "Skriv kun dit navn.",
};
pub(super) const CHOOSE_ORGANISATION: Words = Words {
    en: "Choose where you work.",
    sv: "Välj var du arbetar.",
    da: "Vælg, hvor du arbejder.",
};
pub(super) const CHOOSE_KIND: Words = Words {
    en: "Choose what you are.",
    sv: "Välj vad du är.",
    da: "Vælg, hvad du er.",
};
pub(super) const CHOOSE_GENDER: Words = Words {
    en: "Choose one of these, or rather not to say.",
    sv: "Välj något av dessa, eller att inte uppge.",
    da: "Vælg en af disse, eller ikke at oplyse.",
};
pub(super) const TOO_LONG_TOGETHER: Words = Words {
    en: "Title and department are too long together.",
    sv: "Befattning och förvaltning är för långa tillsammans.",
    da: "Stilling og forvaltning er for lange tilsammen.",
};
pub(super) const CONFIRM_THIS: Words = Words {
    en: "This is your application. It counts once you send it.",
    sv: "Det här är din ansökan. Den gäller när du har skickat in den.",
    da: "Dette er din ansøgning. Den gælder, når du har sendt den.",
};
pub(super) const CONFIRM: Words = Words {
    en: "Send my application",
    sv: "Skicka in min ansökan",
    da: "Send min ansøgning",
};
pub(super) const NOT_YOU: Words = Words {
    en: "Was it not you? Then simply close the page: nothing happens.",
    sv: "Var det inte du? Stäng bara sidan: då händer ingenting.",
    da: "Var det ikke dig? Luk blot siden: så sker der ingenting.",
};
pub(super) const IS_SENT: Words = Words {
    en: "Your application is sent. You hear from us by mail when the seats have been divided.",
    sv: "Din ansökan är inskickad. Vi hör av oss med e-post när platserna är fördelade.",
    da: "Din ansøgning er sendt. Du hører fra os på mail, når pladserne er fordelt.",
};
pub(super) const TAKEN_BACK: Words = Words {
    en: "This application was taken back.",
    sv: "Den här ansökan är återtagen.",
    da: "Denne ansøgning er trukket tilbage.",
};
pub(super) const TOO_LATE: Words = Words {
    en: "The application was not sent in time: the last day was {date}. Contact the organiser if there is a reason.",
    sv: "Ansökan skickades inte in i tid: sista dagen var den {date}. Kontakta arrangören om det finns skäl.",
    da: "Ansøgningen blev ikke sendt i tide: sidste dag var den {date}. Kontakt arrangøren, hvis der er en grund.",
};
pub(super) const OFFER_FOR: Words = Words {
    en: "For {name}",
    sv: "Till {name}",
    da: "Til {name}",
};
pub(super) const OFFERED: Words = Words {
    en: "You are offered a seat.",
    sv: "Du erbjuds en plats.",
    da: "Du tilbydes en plads.",
};
pub(super) const ANSWER_BY: Words = Words {
    en: "Please answer at the latest on {date}.",
    sv: "Svara senast den {date}.",
    da: "Svar senest den {date}.",
};
pub(super) const ACCEPT: Words = Words {
    en: "Yes, I take the seat",
    sv: "Ja, jag tar platsen",
    da: "Ja, jeg tager pladsen",
};
pub(super) const CANNOT: Words = Words {
    en: "I can’t take part",
    sv: "Jag kan inte delta",
    da: "Jeg kan ikke deltage",
};
pub(super) const DECLINE_HINT: Words = Words {
    en: "The seat then goes to the next in line at once, and you can’t take it back.",
    sv: "Platsen går då genast till nästa på reservlistan, och du kan inte ångra dig.",
    da: "Pladsen går så straks til den næste på ventelisten, og det kan ikke fortrydes.",
};
pub(super) const DECLINE: Words = Words {
    en: "No, I decline the seat",
    sv: "Nej, jag tackar nej",
    da: "Nej, jeg takker nej",
};
pub(super) const ACCEPTED: Words = Words {
    en: "The seat is yours. Welcome!",
    sv: "Platsen är din. Välkommen!",
    da: "Pladsen er din. Velkommen!",
};
pub(super) const DECLINED: Words = Words {
    en: "You have declined the seat. Thank you for telling us.",
    sv: "Du har tackat nej till platsen. Tack för att du sa till.",
    da: "Du har takket nej til pladsen. Tak, fordi du gav besked.",
};
pub(super) const EXPIRED: Words = Words {
    en: "The offer has expired: the last day to answer was {date}.",
    sv: "Erbjudandet har gått ut: sista dagen att svara var den {date}.",
    da: "Tilbuddet er udløbet: sidste dag for svar var den {date}.",
};
pub(super) const RESCINDED: Words = Words {
    en: "The offer was taken back. Contact the organiser if you have questions.",
    sv: "Erbjudandet har återtagits. Kontakta arrangören om du har frågor.",
    da: "Tilbuddet er trukket tilbage. Kontakt arrangøren, hvis du har spørgsmål.",
};
pub(super) const WITHDRAWN: Words = Words {
    en: "You have given up the seat.",
    sv: "Du har lämnat platsen.",
    da: "Du har opgivet pladsen.",
};
pub(super) const SUBSTITUTED: Words = Words {
    en: "A colleague has taken over the seat.",
    sv: "En kollega har tagit över platsen.",
    da: "En kollega har overtaget pladsen.",
};
pub(super) const COMPLETED: Words = Words {
    en: "You have completed the round. Well done!",
    sv: "Du har genomfört omgången. Bra jobbat!",
    da: "Du har gennemført holdet. Godt klaret!",
};
pub(super) const DISCONTINUED: Words = Words {
    en: "Your participation has ended.",
    sv: "Ditt deltagande är avslutat.",
    da: "Din deltagelse er afsluttet.",
};
pub(super) const ROUND_CANCELLED: Words = Words {
    en: "The round will not be held.",
    sv: "Omgången är inställd.",
    da: "Holdet er aflyst.",
};
pub(super) const ROUND_OVER: Words = Words {
    en: "The round is over; seats are not given any more.",
    sv: "Omgången är över; inga platser delas ut längre.",
    da: "Holdet er slut; der gives ikke flere pladser.",
};
pub(super) const NOMINATED: Words = Words {
    en: "{name}, you are nominated for this round.",
    sv: "{name}, du är nominerad till den här omgången.",
    da: "{name}, du er indstillet til dette hold.",
};
pub(super) const NOMINATION_ENDED: Words = Words {
    en: "This nomination has ended.",
    sv: "Den här nomineringen är avslutad.",
    da: "Denne indstilling er afsluttet.",
};
pub(super) const NOT_WANTED: Words = Words {
    en: "I don't want to take part",
    sv: "Jag vill inte delta",
    da: "Jeg vil ikke deltage",
};
pub(super) const NOT_WANTED_HINT: Words = Words {
    en: "This can't be undone. Nobody has to agree, and you need not say why.",
    sv: "Det går inte att ångra. Ingen behöver godkänna det, och du behöver inte säga varför.",
    da: "Det kan ikke fortrydes. Ingen skal godkende det, og du behøver ikke sige hvorfor.",
};
pub(super) const DECLINE_NOMINATION: Words = Words {
    en: "Say no to the nomination",
    sv: "Tacka nej till nomineringen",
    da: "Sig nej til indstillingen",
};
