//! The table of problems of the evaluation API.

crate::codes! {
    INSTRUMENT_UNKNOWN = 409 "instrument_unknown"
        ["No such instrument", "Enkätmallen finns inte", "Skemaet findes ikke"]
        ["There is no instrument with this id and version.", "Det finns ingen enkätmall med detta id och denna version.", "Der findes intet spørgeskema med dette id og denne version."];
    REPORT_NOT_READY = 409 "report_not_ready"
        ["The survey is not closed yet", "Enkäten är inte stängd än", "Undersøgelsen er ikke lukket endnu"]
        ["A report is made once, when its survey closes.", "En rapport görs en gång, när enkäten stängs.", "En rapport laves én gang, når undersøgelsen lukkes."];
    INSTRUMENT_ARCHIVED = 409 "instrument_archived"
        ["The instrument is put away", "Enkätmallen är undanlagd", "Skemaet er lagt væk"]
        ["No new surveys or versions are made of an instrument that is put away.", "Av en undanlagd enkätmall görs inga nya enkäter eller versioner.", "Af et skema, der er lagt væk, laves ingen nye undersøgelser eller versioner."];
    SURVEY_STATE = 409 "survey_state"
        ["Not in this state", "Inte i detta läge", "Ikke i denne tilstand"]
        ["The survey is {state}.", "Enkätens läge är {state}.", "Undersøgelsens tilstand er {state}."];
    SURVEY_MODE_FROZEN = 409 "survey_mode_frozen"
        ["The promise stands", "Löftet står fast", "Løftet står fast"]
        ["Somebody was invited already: what was promised to them is not changed.", "Någon är redan inbjuden: det som lovades ändras inte.", "Nogen er allerede inviteret: det, der er lovet, ændres ikke."];
    SURVEY_MODE_REFUSED = 409 "survey_mode_refused"
        ["Not with this promise", "Inte med detta löfte", "Ikke med dette løfte"]
        ["A survey that asks about ties between people asks participants and is not anonymous: a tie says whose it is.", "En enkät som frågar om band mellan människor ställs till deltagare och är inte anonym: ett band säger vems det är.", "En undersøgelse om bånd mellem mennesker stilles til deltagere og er ikke anonym: et bånd siger, hvis det er."];
    SURVEY_OCCASION = 409 "survey_occasion_incomplete"
        ["The occasion is incomplete", "Tillfället är ofullständigt", "Anledningen er ufuldstændig"]
        ["A session's survey names the session, a follow-up its months, and no other survey does.", "En enkät om en träff anger träffen, en uppföljning sina månader, och ingen annan enkät gör det.", "En undersøgelse om en session angiver sessionen, en opfølgning sine måneder, og ingen anden gør."];
    SURVEY_PAIRING = 409 "survey_pairing_impossible"
        ["These can't be paired", "De går inte att para ihop", "De kan ikke parres"]
        ["Surveys are paired within one round, a `before` first, while the pairing is open; a network survey is not paired.", "Enkäter paras inom en omgång, en `before` först, medan parningen pågår; en nätverksenkät paras inte.", "Undersøgelser parres inden for ét hold, en `before` først, mens parringen er åben; en netværksundersøgelse parres ikke."];
    SURVEY_CLOSED = 409 "survey_closed"
        ["The survey is not open", "Enkäten är inte öppen", "Undersøgelsen er ikke åben"]
        ["Answers are taken while the survey is open.", "Svar tas emot medan enkäten är öppen.", "Svar modtages, mens undersøgelsen er åben."];
    SURVEY_ANSWERED = 409 "survey_answered"
        ["Already answered", "Redan besvarad", "Allerede besvaret"]
        ["Each invitation is answered once.", "Varje inbjudan besvaras en gång.", "Hver invitation besvares én gang."];
    SURVEY_OTHER_VERSION = 409 "survey_other_version"
        ["Another version", "En annan version", "En anden version"]
        ["The survey asks version {version} of its instrument; read its questionnaire again.", "Enkäten frågar enligt version {version} av mallen; läs frågorna igen.", "Undersøgelsen spørger efter version {version} af skemaet; læs spørgsmålene igen."];
    SURVEY_AUDIENCE_FIXED = 409 "survey_audience_fixed"
        ["Nobody is named here", "Här anges ingen", "Her angives ingen"]
        ["Who is asked follows from the survey's audience; people are named only for the audience `colleagues`.", "Vilka som tillfrågas följer av enkätens målgrupp; personer anges bara för målgruppen `colleagues`.", "Hvem der spørges følger af målgruppen; personer angives kun for målgruppen `colleagues`."];
    SURVEY_PERSON_UNKNOWN = 409 "survey_person_unknown"
        ["The person can't be asked", "Personen kan inte tillfrågas", "Personen kan ikke spørges"]
        ["A named person is not known here, no longer active, or not of the own organisation.", "En angiven person är inte känd här, inte längre aktiv eller inte från den egna organisationen.", "En angiven person er ikke kendt her, ikke længere aktiv eller ikke fra den egen organisation."];
    SURVEY_PEOPLE_TOO_MANY = 409 "survey_people_too_many"
        ["Too many are named", "För många anges", "For mange er angivet"]
        ["A participant names at most {most} people.", "En deltagare anger högst {most} personer.", "En deltager angiver højst {most} personer."];
    SURVEY_INVITATION_USED = 409 "survey_invitation_used"
        ["Nothing to take back", "Inget att ta tillbaka", "Intet at tage tilbage"]
        ["The invitation was taken back already, or can't be taken back any more.", "Inbjudan är redan återtagen eller går inte längre att ta tillbaka.", "Invitationen er allerede taget tilbage eller kan ikke længere tages tilbage."];
    SURVEY_SHEETS_SECRET = 409 "survey_sheets_secret"
        ["Single sheets are not shown", "Enskilda svar visas inte", "Enkelte svar vises ikke"]
        ["Nobody reads the sheets of an anonymous survey; its report shows groups.", "Ingen läser de enskilda svaren i en anonym enkät; rapporten visar grupper.", "Ingen læser de enkelte svar i en anonym undersøgelse; rapporten viser grupper."];
    SURVEY_LINK_INVALID = 404 "survey_link_invalid"
        ["The link does not work", "Länken fungerar inte", "Linket virker ikke"]
        ["The link is incomplete, or it does not work any more.", "Länken är ofullständig eller gäller inte längre.", "Linket er ufuldstændigt eller gælder ikke længere."];
}
