//! The words of certificates, their page and their message.

use shared_types::Words;

pub(super) const TITLE: Words = Words {
    en: "Certificate",
    sv: "Intyg",
    da: "Bevis",
};
pub(super) const CERTIFIES: Words = Words {
    en: "This is to certify that",
    sv: "Härmed intygas att",
    da: "Hermed bekræftes, at",
};
pub(super) const HAS_COMPLETED: Words = Words {
    en: "has completed the programme",
    sv: "har slutfört utbildningen",
    da: "har gennemført uddannelsen",
};
pub(super) const ISSUED: Words = Words {
    en: "Issued on {date} by {organiser}.",
    sv: "Utfärdat {date} av {organiser}.",
    da: "Udstedt den {date} af {organiser}.",
};
pub(super) const NUMBER: Words = Words {
    en: "Code: {code}",
    sv: "Kod: {code}",
    da: "Kode: {code}",
};
pub(super) const CHECK: Words = Words {
    en: "Anybody can check this certificate by its code at",
    sv: "Vem som helst kan kontrollera intyget med koden på",
    da: "Enhver kan kontrollere beviset med koden på",
};
pub(super) const QR: Words = Words {
    en: "QR code that leads to {url}",
    sv: "QR-kod som leder till {url}",
    da: "QR-kode, der fører til {url}",
};
pub(super) const CHECK_TITLE: Words = Words {
    en: "Check a certificate",
    sv: "Kontrollera ett intyg",
    da: "Kontrollér et bevis",
};
pub(super) const CODE: Words = Words {
    en: "Code on the certificate",
    sv: "Koden på intyget",
    da: "Koden på beviset",
};
pub(super) const CODE_HINT: Words = Words {
    en: "Sixteen letters and digits, such as 7Q4M-ZK2W-9D3T-XB6R.",
    sv: "Sexton bokstäver och siffror, till exempel 7Q4M-ZK2W-9D3T-XB6R.",
    da: "Seksten bogstaver og tal, for eksempel 7Q4M-ZK2W-9D3T-XB6R.",
};
pub(super) const CHECK_BUTTON: Words = Words {
    en: "Check",
    sv: "Kontrollera",
    da: "Kontrollér",
};
pub(super) const VALID: Words = Words {
    en: "The certificate is valid.",
    sv: "Intyget är giltigt.",
    da: "Beviset er gyldigt.",
};
pub(super) const REVOKED: Words = Words {
    en: "The certificate was revoked on {date}. It is not valid.",
    sv: "Intyget återkallades {date}. Det är inte giltigt.",
    da: "Beviset blev tilbagekaldt den {date}. Det er ikke gyldigt.",
};
pub(super) const REPLACED: Words = Words {
    en: "The certificate was replaced by a new one on {date}. This one is not valid any more.",
    sv: "Intyget ersattes av ett nytt {date}. Detta gäller inte längre.",
    da: "Beviset blev erstattet af et nyt den {date}. Dette gælder ikke længere.",
};
pub(super) const NAME: Words = Words {
    en: "Name",
    sv: "Namn",
    da: "Navn",
};
pub(super) const PROGRAMME: Words = Words {
    en: "Programme",
    sv: "Utbildning",
    da: "Uddannelse",
};
pub(super) const ROUND: Words = Words {
    en: "Round",
    sv: "Omgång",
    da: "Hold",
};
pub(super) const ISSUED_ON: Words = Words {
    en: "Issued",
    sv: "Utfärdat",
    da: "Udstedt",
};
pub(super) const YOURS: Words = Words {
    en: "Your certificate",
    sv: "Ditt intyg",
    da: "Dit bevis",
};
pub(super) const DOWNLOAD: Words = Words {
    en: "Download it as PDF",
    sv: "Ladda ner som PDF",
    da: "Hent som PDF",
};
pub(super) const CREDENTIAL: Words = Words {
    en: "Download it for a digital wallet (Open Badges 3.0)",
    sv: "Ladda ner för en digital plånbok (Open Badges 3.0)",
    da: "Hent til en digital tegnebog (Open Badges 3.0)",
};
pub(super) const SHARE: Words = Words {
    en: "Whoever you give its code can check it:",
    sv: "Den som får koden kan kontrollera det:",
    da: "Den, der får koden, kan kontrollere det:",
};
pub(super) const SUBJECT: Words = Words {
    en: "Your certificate: {programme}",
    sv: "Ditt intyg: {programme}",
    da: "Dit bevis: {programme}",
};
pub(super) const TEXT: Words = Words {
    en: "You have completed {programme}. Your certificate can be downloaded from the page below.",
    sv: "Du har slutfört {programme}. Ditt intyg kan laddas ner från sidan nedan.",
    da: "Du har gennemført {programme}. Dit bevis kan hentes på siden nedenfor.",
};
pub(super) const TEXT_AGAIN: Words = Words {
    en: "Your certificate of {programme} was replaced by a new one, which can be downloaded from the page below. The earlier one is not valid any more.",
    sv: "Ditt intyg för {programme} har ersatts av ett nytt, som kan laddas ner från sidan nedan. Det tidigare gäller inte längre.",
    da: "Dit bevis for {programme} er erstattet af et nyt, som kan hentes på siden nedenfor. Det tidligere gælder ikke længere.",
};
