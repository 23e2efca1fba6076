//! The words of every message, in three languages; [`super::render`] says what brackets mean.

use super::Template;
use shared_types::Words;

/// Subject and text of a message.
#[derive(Clone, Copy, Debug)]
pub struct Wording {
    /// The subject.
    pub subject: Words,
    /// The text between greeting and closing.
    pub body: Words,
}

const fn wording(subject: [&'static str; 3], body: [&'static str; 3]) -> Wording {
    let [en, sv, da] = subject;
    let subject = Words { en, sv, da };
    let [en, sv, da] = body;
    Wording {
        subject,
        body: Words { en, sv, da },
    }
}

/// The first line.
pub const GREETING: Words = Words {
    en: "Hello[ {personName}],",
    sv: "Hej[ {personName}]!",
    da: "Hej[ {personName}],",
};

/// The last lines.
pub const CLOSING: Words = Words {
    en: "Kind regards\n[{organiserName}, through ]Akademi\n\nThis message was sent automatically and can't be answered.",
    sv: "Vänliga hälsningar\n[{organiserName}, genom ]Akademi\n\nDet här brevet är skickat automatiskt och går inte att svara på.",
    da: "Venlig hilsen\n[{organiserName}, gennem ]Akademi\n\nDenne besked er sendt automatisk og kan ikke besvares.",
};

/// How such messages are turned off.
pub const UNSUBSCRIBE: Words = Words {
    en: "[Don't want such messages? Turn them off here:\n{unsubscribe}]",
    sv: "[Vill du inte ha sådana brev? Stäng av dem här:\n{unsubscribe}]",
    da: "[Vil du ikke have sådanne beskeder? Slå dem fra her:\n{unsubscribe}]",
};

/// The words of a template.
pub const fn of(template: Template) -> &'static Wording {
    match template {
        Template::ApplicationConfirm => &APPLICATION_CONFIRM,
        Template::ApplicationReceived => &APPLICATION_RECEIVED,
        Template::SlateRequested => &SLATE_REQUESTED,
        Template::SlateReminder => &SLATE_REMINDER,
        Template::OfferMade => &OFFER_MADE,
        Template::OfferReminder => &OFFER_REMINDER,
        Template::OfferExpired => &OFFER_EXPIRED,
        Template::SeatConfirmed => &SEAT_CONFIRMED,
        Template::Waitlisted => &WAITLISTED,
        Template::Rejected => &REJECTED,
        Template::Withdrawn => &WITHDRAWN,
        Template::SubstitutionRequested => &SUBSTITUTION_REQUESTED,
        Template::RoundCancelled => &ROUND_CANCELLED,
        Template::InterestOpened => &INTEREST_OPENED,
        Template::InterestNoted => &INTEREST_NOTED,
        Template::Nominated => &NOMINATED,
        Template::OtherSeatTaken => &OTHER_SEAT_TAKEN,
        Template::IdentityConfirm => &IDENTITY_CONFIRM,
        Template::WebhookDisabled => &WEBHOOK_DISABLED,
    }
}

static APPLICATION_CONFIRM: Wording = wording(
    [
        "Confirm your application[ to {roundName}]",
        "Bekräfta din ansökan[ till {roundName}]",
        "Bekræft din ansøgning[ til {roundName}]",
    ],
    [
        "Somebody, we hope you, has filled in an application[ to {roundName}] with this address. It counts once you confirm it[, at the latest on {answerBy}].\n\n[Confirm the application here:\n{link}]\n\nIf it was not you, do nothing: nothing happens then.",
        "Någon, vi hoppas du, har fyllt i en ansökan[ till {roundName}] med den här adressen. Den gäller när du har bekräftat den[, senast den {answerBy}].\n\n[Bekräfta ansökan här:\n{link}]\n\nOm det inte var du behöver du inte göra något: då händer ingenting.",
        "Nogen, forhåbentlig dig, har udfyldt en ansøgning[ til {roundName}] med denne adresse. Den gælder, når du har bekræftet den[, senest den {answerBy}].\n\n[Bekræft ansøgningen her:\n{link}]\n\nHvis det ikke var dig, skal du ikke gøre noget: så sker der ingenting.",
    ],
);

static APPLICATION_RECEIVED: Wording = wording(
    [
        "We have your application[ to {roundName}]",
        "Vi har fått din ansökan[ till {roundName}]",
        "Vi har modtaget din ansøgning[ til {roundName}]",
    ],
    [
        "Thank you for applying[ to {roundName}]. Your application has arrived.\n\n[{municipalityName} is asked to endorse it at the latest on {endorseBy}.] You will hear from us when the seats have been divided.\n\n[See your application here:\n{link}]",
        "Tack för din ansökan[ till {roundName}]. Den har kommit fram.\n\n[{municipalityName} ombeds godkänna den senast den {endorseBy}.] Vi hör av oss när platserna är fördelade.\n\n[Se din ansökan här:\n{link}]",
        "Tak for din ansøgning[ til {roundName}]. Den er kommet frem.\n\n[{municipalityName} bliver bedt om at godkende den senest den {endorseBy}.] Du hører fra os, når pladserne er fordelt.\n\n[Se din ansøgning her:\n{link}]",
    ],
);

static SLATE_REQUESTED: Wording = wording(
    [
        "Your decision is asked for[: {roundName}]",
        "Ditt beslut behövs[: {roundName}]",
        "Din afgørelse ønskes[: {roundName}]",
    ],
    [
        "People[ from {municipalityName}] have applied[ to {roundName}], and your office decides who may take part.[ Applications awaiting your answer: {awaitingCount}.] Please rank, endorse or decline them[ at the latest on {endorseBy}]. It takes two minutes and works on a telephone.\n\n[Open the list here; no account is needed:\n{link}]\n\nThe link is meant for your office alone. Whoever answers states name and title.",
        "Medarbetare[ från {municipalityName}] har sökt[ till {roundName}], och din befattning avgör vilka som får delta.[ Ansökningar som väntar på ditt svar: {awaitingCount}.] Rangordna, godkänn eller avslå dem[ senast den {endorseBy}]. Det tar två minuter och går bra på telefonen.\n\n[Öppna listan här; inget konto behövs:\n{link}]\n\nLänken är bara till för din befattning. Den som svarar anger namn och titel.",
        "Medarbejdere[ fra {municipalityName}] har søgt[ til {roundName}], og dit embede afgør, hvem der må deltage.[ Ansøgninger, der afventer dit svar: {awaitingCount}.] Prioritér, godkend eller afslå dem[ senest den {endorseBy}]. Det tager to minutter og kan gøres på telefonen.\n\n[Åbn listen her; ingen konto er nødvendig:\n{link}]\n\nLinket er kun til dit embede. Den, der svarer, angiver navn og titel.",
    ],
);

static SLATE_REMINDER: Wording = wording(
    [
        "Reminder: your decision is still awaited[: {roundName}]",
        "Påminnelse: ditt beslut väntar[: {roundName}]",
        "Påmindelse: din afgørelse afventes[: {roundName}]",
    ],
    [
        "Applications[ from {municipalityName}][ to {roundName}] still wait for your office.[ Number of them: {awaitingCount}.][ The last day is {endorseBy}.] Without an answer in time these people can't take part.\n\n[Open the list here; no account is needed:\n{link}]\n\nIf you have answered meanwhile, thank you: nothing more is needed.",
        "Ansökningar[ från {municipalityName}][ till {roundName}] väntar fortfarande på din befattning.[ Antal: {awaitingCount}.][ Sista dagen är den {endorseBy}.] Utan svar i tid kan de sökande inte delta.\n\n[Öppna listan här; inget konto behövs:\n{link}]\n\nHar du redan svarat, tack: då behövs inget mer.",
        "Ansøgninger[ fra {municipalityName}][ til {roundName}] venter stadig på dit embede.[ Antal: {awaitingCount}.][ Sidste dag er den {endorseBy}.] Uden svar i tide kan ansøgerne ikke deltage.\n\n[Åbn listen her; ingen konto er nødvendig:\n{link}]\n\nHar du allerede svaret, så tak: der skal ikke mere til.",
    ],
);

static OFFER_MADE: Wording = wording(
    [
        "You are offered a seat[ in {roundName}]",
        "Du erbjuds en plats[ i {roundName}]",
        "Du får tilbudt en plads[ på {roundName}]",
    ],
    [
        "Congratulations, you are offered a seat[ in {roundName}]. It is yours once you accept.[ Please answer at the latest on {answerBy}; otherwise the seat goes on to the next in the queue.]\n\n[Accept or decline here:\n{link}]",
        "Grattis, du erbjuds en plats[ i {roundName}]. Platsen är din när du tackar ja.[ Svara senast den {answerBy}, annars går platsen vidare till nästa på reservlistan.]\n\n[Tacka ja eller nej här:\n{link}]",
        "Tillykke, du får tilbudt en plads[ på {roundName}]. Pladsen er din, når du siger ja.[ Svar senest den {answerBy}, ellers går pladsen videre til den næste på ventelisten.]\n\n[Sig ja eller nej her:\n{link}]",
    ],
);

static OFFER_REMINDER: Wording = wording(
    [
        "Reminder: a seat waits for you[ in {roundName}]",
        "Påminnelse: en plats väntar på dig[ i {roundName}]",
        "Påmindelse: en plads venter på dig[ på {roundName}]",
    ],
    [
        "You have a seat waiting[ in {roundName}], and we have not heard from you yet.[ The last day to answer is {answerBy}; then the seat goes on to the next in the queue.]\n\n[Accept or decline here:\n{link}]",
        "Du har en plats som väntar[ i {roundName}], och vi har inte hört av dig än.[ Sista dagen att svara är den {answerBy}; sedan går platsen vidare till nästa på reservlistan.]\n\n[Tacka ja eller nej här:\n{link}]",
        "Du har en plads, der venter[ på {roundName}], og vi har ikke hørt fra dig endnu.[ Sidste dag at svare er den {answerBy}; derefter går pladsen videre til den næste på ventelisten.]\n\n[Sig ja eller nej her:\n{link}]",
    ],
);

static OFFER_EXPIRED: Wording = wording(
    [
        "Your offered seat has passed on[: {roundName}]",
        "Din erbjudna plats har gått vidare[: {roundName}]",
        "Din tilbudte plads er gået videre[: {roundName}]",
    ],
    [
        "We did not hear from you in time about your seat[ in {roundName}][, by {answerBy}]. It has gone on to the next in the queue. We hope to see you another time; if something went wrong, please ask the organiser.",
        "Vi hörde inte av dig i tid om din plats[ i {roundName}][, senast den {answerBy}]. Den har gått vidare till nästa på reservlistan. Vi hoppas få se dig en annan gång; om något blev fel, fråga gärna arrangören.",
        "Vi hørte ikke fra dig i tide om din plads[ på {roundName}][, senest den {answerBy}]. Den er gået videre til den næste på ventelisten. Vi håber at se dig en anden gang; hvis noget gik galt, så spørg gerne arrangøren.",
    ],
);

static SEAT_CONFIRMED: Wording = wording(
    [
        "Welcome[ to {roundName}]",
        "Välkommen[ till {roundName}]",
        "Velkommen[ til {roundName}]",
    ],
    [
        "Your seat[ in {roundName}] is confirmed. Welcome![ It starts on {startsOn}.] Before then you will hear from the organiser about time and place.\n\nIf you can't take part after all, please say so as soon as you can, so that somebody else gets the seat.\n\n[See your seat here:\n{link}]",
        "Din plats[ i {roundName}] är bekräftad. Välkommen![ Vi börjar den {startsOn}.] Innan dess hör arrangören av sig om tid och plats.\n\nOm du ändå inte kan delta, säg till så snart du kan, så att någon annan får platsen.\n\n[Se din plats här:\n{link}]",
        "Din plads[ på {roundName}] er bekræftet. Velkommen![ Vi begynder den {startsOn}.] Inden da hører du fra arrangøren om tid og sted.\n\nHvis du alligevel ikke kan deltage, så sig til så snart du kan, så en anden får pladsen.\n\n[Se din plads her:\n{link}]",
    ],
);

static WAITLISTED: Wording = wording(
    [
        "You are on the waiting list[ for {roundName}]",
        "Du står på reservlistan[ till {roundName}]",
        "Du står på ventelisten[ til {roundName}]",
    ],
    [
        "There were more applicants[ to {roundName}] than seats, and you are on the waiting list.[ Your place in the queue: {queuePosition}.] When a seat is freed and it is your turn, we will write to you at once. You need not do anything.",
        "Det var fler sökande[ till {roundName}] än platser, och du står på reservlistan.[ Din plats i kön: {queuePosition}.] När en plats blir ledig och det är din tur skriver vi till dig direkt. Du behöver inte göra något.",
        "Der var flere ansøgere[ til {roundName}] end pladser, og du står på ventelisten.[ Din plads i køen: {queuePosition}.] Når en plads bliver ledig og det er din tur, skriver vi til dig straks. Du skal ikke gøre noget.",
    ],
);

static REJECTED: Wording = wording(
    [
        "About your application[ to {roundName}]",
        "Om din ansökan[ till {roundName}]",
        "Om din ansøgning[ til {roundName}]",
    ],
    [
        "Thank you for your interest[ in {roundName}]. This time we can't offer you a seat.[ The reason: {reason}]\n\nWe hope that you will apply again.",
        "Tack för ditt intresse[ för {roundName}]. Den här gången kan vi inte erbjuda dig någon plats.[ Skälet: {reason}]\n\nVi hoppas att du söker igen.",
        "Tak for din interesse[ for {roundName}]. Denne gang kan vi ikke tilbyde dig en plads.[ Begrundelsen: {reason}]\n\nVi håber, at du søger igen.",
    ],
);

static WITHDRAWN: Wording = wording(
    [
        "You have withdrawn[ from {roundName}]",
        "Du har dragit dig ur[ {roundName}]",
        "Du har trukket dig[ fra {roundName}]",
    ],
    [
        "We confirm that you no longer take part[ in {roundName}] or stand in its queue. Thank you for telling us.\n\nIf it was not you who said so, please ask the organiser at once.",
        "Vi bekräftar att du inte längre deltar[ i {roundName}] eller står i dess kö. Tack för att du sade till.\n\nOm det inte var du som sade det, hör genast av dig till arrangören.",
        "Vi bekræfter, at du ikke længere deltager[ på {roundName}] eller står i køen. Tak, fordi du sagde til.\n\nHvis det ikke var dig, så kontakt straks arrangøren.",
    ],
);

static SUBSTITUTION_REQUESTED: Wording = wording(
    [
        "Your decision is asked for: another person takes over a seat[ in {roundName}]",
        "Ditt beslut behövs: någon annan tar över en plats[ i {roundName}]",
        "Din afgørelse ønskes: en anden overtager en plads[ på {roundName}]",
    ],
    [
        "A seat of your municipality[ in {roundName}] is to be taken over by somebody else.[ Leaves: {applicantName}.][ Is named instead: {substituteName}.] Both change once your office has endorsed it[, at the latest on {endorseBy}]; until then everything stays as it is.\n\n[Decide here; no account is needed:\n{link}]",
        "En av din kommuns platser[ i {roundName}] ska tas över av någon annan.[ Lämnar: {applicantName}.][ Föreslås i stället: {substituteName}.] Bytet sker när din befattning har godkänt det[, senast den {endorseBy}]; till dess är allt som förut.\n\n[Avgör här; inget konto behövs:\n{link}]",
        "En af din kommunes pladser[ på {roundName}] skal overtages af en anden.[ Forlader: {applicantName}.][ Foreslås i stedet: {substituteName}.] Skiftet sker, når dit embede har godkendt det[, senest den {endorseBy}]; indtil da er alt som før.\n\n[Afgør her; ingen konto er nødvendig:\n{link}]",
    ],
);

static ROUND_CANCELLED: Wording = wording(
    [
        "It will not be held[: {roundName}]",
        "Ställs in[: {roundName}]",
        "Aflyst[: {roundName}]",
    ],
    [
        "We are sorry: the round that you applied to, or asked about, will not be held.[ The round: {roundName}.][ The reason: {reason}]\n\nYou need not do anything. The organiser gladly tells you what else is on offer.",
        "Tyvärr: omgången som du sökte till eller frågade efter ställs in.[ Omgången: {roundName}.][ Skälet: {reason}]\n\nDu behöver inte göra något. Arrangören berättar gärna vad mer som erbjuds.",
        "Vi beklager: holdet, som du søgte til eller spurgte efter, bliver ikke gennemført.[ Holdet: {roundName}.][ Begrundelsen: {reason}]\n\nDu skal ikke gøre noget. Arrangøren fortæller gerne, hvad der ellers tilbydes.",
    ],
);

static INTEREST_OPENED: Wording = wording(
    [
        "Now you can apply[ to {roundName}]",
        "Nu kan du söka[ till {roundName}]",
        "Nu kan du søge[ til {roundName}]",
    ],
    [
        "You asked us to tell you: applications[ to {roundName}] are open.[ The last day is {closesOn}.]\n\n[Read more and apply here:\n{link}]\n\nThis is the only message you get about it.",
        "Du bad oss höra av oss: nu är ansökan[ till {roundName}] öppen.[ Sista dagen är den {closesOn}.]\n\n[Läs mer och ansök här:\n{link}]\n\nDet här är det enda brev du får om saken.",
        "Du bad os give besked: nu er ansøgningen[ til {roundName}] åben.[ Sidste dag er den {closesOn}.]\n\n[Læs mere og ansøg her:\n{link}]\n\nDette er den eneste besked, du får om sagen.",
    ],
);

static INTEREST_NOTED: Wording = wording(
    [
        "Your interest is noted[: {roundName}]",
        "Ditt intresse är antecknat[: {roundName}]",
        "Din interesse er noteret[: {roundName}]",
    ],
    [
        "We write to you once, when it is possible to apply[ to {roundName}].\n\n[If you don't want that any more, or it was not you who asked, withdraw it here:\n{link}]",
        "Vi skriver till dig en gång, när det går att söka[ till {roundName}].\n\n[Vill du inte längre det, eller var det inte du som bad om det, ta tillbaka det här:\n{link}]",
        "Vi skriver til dig én gang, når det er muligt at søge[ til {roundName}].\n\n[Vil du ikke længere det, eller var det ikke dig, der bad om det, så træk det tilbage her:\n{link}]",
    ],
);

static NOMINATED: Wording = wording(
    [
        "You are nominated[ for {roundName}]",
        "Du är nominerad[ till {roundName}]",
        "Du er indstillet[ til {roundName}]",
    ],
    [
        "You have been entered as an applicant[ to {roundName}] by your employer or the organiser. You will hear from us when the seats have been divided, and you need not do anything until then.\n\n[If you don't want to take part, say so here:\n{link}]",
        "Din arbetsgivare eller arrangören har anmält dig som sökande[ till {roundName}]. Vi hör av oss när platserna är fördelade, och till dess behöver du inte göra något.\n\n[Vill du inte delta, säg till här:\n{link}]",
        "Din arbejdsgiver eller arrangøren har tilmeldt dig som ansøger[ til {roundName}]. Du hører fra os, når pladserne er fordelt, og indtil da skal du ikke gøre noget.\n\n[Vil du ikke deltage, så sig til her:\n{link}]",
    ],
);

static OTHER_SEAT_TAKEN: Wording = wording(
    [
        "Your application has ended[: {roundName}]",
        "Din ansökan är avslutad[: {roundName}]",
        "Din ansøgning er afsluttet[: {roundName}]",
    ],
    [
        "You have taken a seat[ in {takenRoundName}], and the programme gives one seat a person. Therefore your other application[, to {roundName},] has ended. You need not do anything.",
        "Du har tackat ja till en plats[ i {takenRoundName}], och utbildningen ger en plats per person. Därför är din andra ansökan[, till {roundName},] avslutad. Du behöver inte göra något.",
        "Du har sagt ja til en plads[ på {takenRoundName}], og uddannelsen giver én plads per person. Derfor er din anden ansøgning[, til {roundName},] afsluttet. Du skal ikke gøre noget.",
    ],
);

static IDENTITY_CONFIRM: Wording = wording(
    [
        "Is this login yours?[ {issuer}]",
        "Är den här inloggningen din?[ {issuer}]",
        "Er dette login dit?[ {issuer}]",
    ],
    [
        "Somebody, we hope you, has logged in[ by {issuer}] with this address. Before the login gets what your account has, you have to say that it is yours.\n\n[Answer here, within seven days:\n{link}]\n\nIf it was not you, say so there, or do nothing: nothing happens then.",
        "Någon, vi hoppas du, har loggat in[ via {issuer}] med den här adressen. Innan inloggningen får det som ditt konto har behöver du säga att den är din.\n\n[Svara här, inom sju dagar:\n{link}]\n\nOm det inte var du, säg det där, eller gör ingenting: då händer ingenting.",
        "Nogen, forhåbentlig dig, er logget ind[ via {issuer}] med denne adresse. Før dette login får det, som din konto har, skal du sige, at det er dit.\n\n[Svar her, inden for syv dage:\n{link}]\n\nHvis det ikke var dig, så sig det dér, eller gør ingenting: så sker der ingenting.",
    ],
);

static WEBHOOK_DISABLED: Wording = wording(
    [
        "Your webhook is switched off[: {roundName}]",
        "Din webhook är avstängd[: {roundName}]",
        "Din webhook er slået fra[: {roundName}]",
    ],
    [
        "Akademi no longer sends events to the webhook[ {roundName}][ at {endpointHost}].[ The reason: {reason}]\n\nSee its deliveries in Akademi, mend the endpoint and switch the webhook on again. What happened meanwhile is not sent by itself: it is in the feed of events, and single deliveries can be sent again.",
        "Akademi skickar inte längre händelser till webhooken[ {roundName}][ hos {endpointHost}].[ Skälet: {reason}]\n\nSe dess leveranser i Akademi, laga mottagaren och slå på webhooken igen. Det som har hänt under tiden skickas inte av sig självt: det finns i händelseflödet, och enskilda leveranser kan skickas om.",
        "Akademi sender ikke længere hændelser til webhooken[ {roundName}][ hos {endpointHost}].[ Årsagen: {reason}]\n\nSe dens leverancer i Akademi, ret modtageren og slå webhooken til igen. Det, der er sket imens, sendes ikke af sig selv: det findes i hændelsesstrømmen, og enkelte leverancer kan sendes igen.",
    ],
);
