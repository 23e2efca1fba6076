//! The words of the proposal's page.

use shared_types::Words;

pub(super) const ASKED: Words = Words {
    en: "{name} ({where}) takes part in the programme and looks for a mentor. Do you want to be it?",
    sv: "{name} ({where}) deltar i utbildningen och söker en mentor. Vill du vara mentorn?",
    da: "{name} ({where}) deltager i uddannelsen og søger en mentor. Vil du være mentoren?",
};
pub(super) const PROPOSED: Words = Words {
    en: "We propose {name} ({where}) as your mentor.",
    sv: "Vi föreslår {name} ({where}) som din mentor.",
    da: "Vi foreslår {name} ({where}) som din mentor.",
};
pub(super) const WHY: Words = Words {
    en: "Why we think you fit",
    sv: "Därför tror vi att ni passar ihop",
    da: "Derfor tror vi, at I passer sammen",
};
pub(super) const ANSWER_BY: Words = Words {
    en: "Please answer by {date}.",
    sv: "Svara senast {date}.",
    da: "Svar senest {date}.",
};
pub(super) const ACCEPT: Words = Words {
    en: "Yes, gladly",
    sv: "Ja, gärna",
    da: "Ja, gerne",
};
pub(super) const CANNOT: Words = Words {
    en: "No, thank you",
    sv: "Nej, tack",
    da: "Nej tak",
};
pub(super) const DECLINE_HINT: Words = Words {
    en: "Somebody else is then looked for. This can't be undone.",
    sv: "Då letar vi efter någon annan. Det går inte att ångra.",
    da: "Så leder vi efter en anden. Det kan ikke fortrydes.",
};
pub(super) const REASON: Words = Words {
    en: "Reason, for the coordinators alone (may be left out)",
    sv: "Anledning, bara för samordnarna (får lämnas tom)",
    da: "Begrundelse, kun for koordinatorerne (må udelades)",
};
pub(super) const DECLINE: Words = Words {
    en: "Decline",
    sv: "Tacka nej",
    da: "Sig nej",
};
pub(super) const WAITING: Words = Words {
    en: "You have said yes. We wait for the other's answer.",
    sv: "Du har tackat ja. Vi väntar på den andras svar.",
    da: "Du har sagt ja. Vi venter på den andens svar.",
};
pub(super) const LATE: Words = Words {
    en: "The time to answer is over.",
    sv: "Svarstiden är över.",
    da: "Svarfristen er udløbet.",
};
pub(super) const PAIR: Words = Words {
    en: "Both have said yes: you are a pair.",
    sv: "Båda har tackat ja: ni är ett par.",
    da: "Begge har sagt ja: I er et par.",
};
pub(super) const DECLINED: Words = Words {
    en: "You have declined.",
    sv: "Du har tackat nej.",
    da: "Du har sagt nej.",
};
pub(super) const ENDED: Words = Words {
    en: "This proposal is over.",
    sv: "Förslaget gäller inte längre.",
    da: "Forslaget gælder ikke længere.",
};
