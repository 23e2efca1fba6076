//! The table of problems of the evaluation API.

crate::codes! {
    INSTRUMENT_UNKNOWN = 409 "instrument_unknown"
        ["No such instrument", "Enkätmallen finns inte", "Skemaet findes ikke"]
        ["There is no instrument with this id and version.", "Det finns ingen enkätmall med detta id och denna version.", "Der findes intet spørgeskema med dette id og denne version."];
    REPORT_NOT_READY = 409 "report_not_ready"
        ["The survey is not closed yet", "Enkäten är inte stängd än", "Undersøgelsen er ikke lukket endnu"]
        ["A report is made once, when its survey closes.", "En rapport görs en gång, när enkäten stängs.", "En rapport laves én gang, når undersøgelsen lukkes."];
    COMPLETION_RULE_UNKNOWN_TASK = 409 "completion_task_unknown"
        ["No such task", "Uppgiften finns inte", "Opgaven findes ikke"]
        ["The round's rule has no task with this key.", "Omgångens regel har ingen uppgift med denna nyckel.", "Holdets regel har ingen opgave med denne nøgle."];
    COMPLETION_TASK_TWICE = 409 "completion_task_twice"
        ["A task stands there twice", "En uppgift står två gånger", "En opgave står der to gange"]
        ["Each task of a rule has a key of its own.", "Varje uppgift i en regel har en egen nyckel.", "Hver opgave i en regel har sin egen nøgle."];
    COMPLETION_SHARE_TOO_LARGE = 409 "completion_share_too_large"
        ["More than the whole", "Mer än det hela", "Mere end det hele"]
        ["A share is at most the whole: the numerator is not larger than the denominator.", "En andel är högst det hela: täljaren är inte större än nämnaren.", "En andel er højst det hele: tælleren er ikke større end nævneren."];
    COMPLETION_RULE_MISSING = 409 "completion_rule_missing"
        ["The round has no rule yet", "Omgången har ingen regel än", "Holdet har ingen regel endnu"]
        ["Set a rule that says what has to be fulfilled first.", "Ange först en regel som säger vad som ska vara uppfyllt.", "Angiv først en regel, der siger, hvad der skal være opfyldt."];
    PARTICIPATION_UNKNOWN = 409 "participation_unknown"
        ["No such participation", "Deltagandet finns inte", "Deltagelsen findes ikke"]
        ["A named participation is not one of this round.", "Ett angivet deltagande hör inte till omgången.", "En angiven deltagelse hører ikke til holdet."];
    COMPLETION_DECIDED_ALREADY = 409 "completion_already_decided"
        ["Decided already", "Redan beslutat", "Allerede afgjort"]
        ["The participation is completed, and stays so.", "Deltagandet är slutfört och förblir så.", "Deltagelsen er gennemført og forbliver det."];
    COMPLETION_MISSING = 409 "completion_missing"
        ["Not completed", "Inte slutfört", "Ikke gennemført"]
        ["A certificate is for whoever completed the round; nobody has decided so.", "Ett intyg är för den som slutfört omgången; det har ingen beslutat.", "Et bevis er for den, der har gennemført holdet; det har ingen afgjort."];
    CREDITS_EXCEED = 409 "credits_exceed_programme"
        ["More than the programme gives", "Mer än utbildningen ger", "Mere end uddannelsen giver"]
        ["The programme gives {most} tenths of a credit in all.", "Utbildningen ger totalt {most} tiondels poäng.", "Uddannelsen giver i alt {most} tiendedele point."];
    CREDITS_IN_FUTURE = 409 "credits_in_future"
        ["That day is still to come", "Den dagen har inte kommit än", "Den dag er ikke kommet endnu"]
        ["Credits are registered on a day that has come.", "Poäng registreras en dag som har kommit.", "Point registreres på en dag, der er kommet."];
    CREDITS_REVOKED = 409 "credits_revoked"
        ["Revoked already", "Redan återkallat", "Allerede tilbagekaldt"]
        ["These credits were revoked before.", "Poängen har återkallats tidigare.", "Pointene er tilbagekaldt før."];
    CERTIFICATE_EXISTS = 409 "certificate_exists"
        ["There is a certificate", "Det finns ett intyg", "Der findes et bevis"]
        ["The participation has a valid certificate. Replace it instead.", "Deltagandet har ett giltigt intyg. Ersätt det i stället.", "Deltagelsen har et gyldigt bevis. Erstat det i stedet."];
    CERTIFICATE_ENDED = 409 "certificate_not_valid"
        ["The certificate is not valid any more", "Intyget gäller inte längre", "Beviset gælder ikke længere"]
        ["Not possible: the certificate is {state}.", "Inte möjligt: intyget är {state}.", "Ikke muligt: beviset er {state}."];
    CERTIFICATE_CODE_UNKNOWN = 404 "certificate_code_unknown"
        ["No certificate has this code", "Inget intyg har denna kod", "Intet bevis har denne kode"]
        ["Check the code on the certificate and try again.", "Kontrollera koden på intyget och försök igen.", "Kontrollér koden på beviset og prøv igen."];
    CERTIFICATE_LINK_INVALID = 404 "certificate_link_invalid"
        ["The link does not work", "Länken fungerar inte", "Linket virker ikke"]
        ["The link is incomplete, or it does not work any more.", "Länken är ofullständig eller gäller inte längre.", "Linket er ufuldstændigt eller gælder ikke længere."];
    INTERVIEW_ONE = 409 "interview_with_one"
        ["An interview with one", "En intervju med en", "Et interview med én"]
        ["An individual interview is with one participant.", "En enskild intervju är med en deltagare.", "Et individuelt interview er med én deltager."];
    INTERVIEW_NOT_AGREED = 409 "interview_not_agreed"
        ["No consent", "Inget samtycke", "Intet samtykke"]
        ["Nothing is written of anybody who has not agreed to the interview.", "Inget skrivs om den som inte har samtyckt till intervjun.", "Intet skrives om den, der ikke har samtykket til interviewet."];
    INTERVIEW_HELD = 409 "interview_already_held"
        ["Held already", "Redan hållen", "Allerede afholdt"]
        ["The interview was held before.", "Intervjun är redan hållen.", "Interviewet er allerede afholdt."];
    INTERVIEW_QUOTE_NAMES = 409 "interview_quote_names_somebody"
        ["The quote names somebody", "Citatet nämner någon", "Citatet nævner nogen"]
        ["A quote holds no name of a participant. Leave the name out.", "Ett citat innehåller inget namn på en deltagare. Utelämna namnet.", "Et citat indeholder intet navn på en deltager. Udelad navnet."];
    THEME_UNKNOWN = 409 "theme_unknown"
        ["No such theme", "Temat finns inte", "Temaet findes ikke"]
        ["A named theme is not in the round's code book.", "Ett angivet tema finns inte i omgångens kodbok.", "Et angivet tema findes ikke i holdets kodebog."];
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
    FEEDBACK_INSTRUMENT = 409 "feedback_instrument_refused"
        ["Not an instrument for a 360", "Inte en mall för 360", "Ikke et skema til 360"]
        ["A 360 asks for steps and texts alone, of everybody alike.", "En 360 frågar bara efter steg och texter, och alla lika.", "En 360 spørger kun efter trin og tekster, og alle ens."];
    FEEDBACK_DAYS = 409 "feedback_days_refused"
        ["These days don't fit", "Dagarna stämmer inte", "Dagene passer ikke"]
        ["Raters are named until today or later, and answer at least a day longer, at most 120 days from now.", "Bedömare anges till och med i dag eller senare och svarar minst en dag längre, högst 120 dagar från nu.", "Bedømmere angives til og med i dag eller senere og svarer mindst en dag længere, højst 120 dage fra nu."];
    FEEDBACK_STATE = 409 "feedback_state"
        ["Not possible now", "Inte möjligt nu", "Ikke muligt nu"]
        ["Not possible: the 360 is {state}.", "Inte möjligt: 360:an är {state}.", "Ikke muligt: 360'en er {state}."];
    FEEDBACK_NOMINATED = 409 "feedback_nominations_over"
        ["No more raters are named", "Inga fler bedömare anges", "Der angives ikke flere bedømmere"]
        ["Raters were named until {day}. From then on somebody is named only in place of one of the same group who declined.", "Bedömare angavs till och med {day}. Därefter anges någon bara i stället för en i samma grupp som tackat nej.", "Bedømmere blev angivet til og med {day}. Derefter angives nogen kun i stedet for en i samme gruppe, der har sagt nej."];
    FEEDBACK_NOTHING_RELEASED = 409 "feedback_reader_unknown"
        ["There is nobody to show it to", "Det finns ingen att visa för", "Der er ingen at vise den til"]
        ["No mentor or own leader is known here.", "Ingen mentor eller närmaste chef är känd här.", "Ingen mentor eller nærmeste leder er kendt her."];
    FEEDBACK_NOT_READY = 409 "feedback_report_not_ready"
        ["The 360 is not closed yet", "360:an är inte stängd än", "360'en er ikke lukket endnu"]
        ["The report is made once, when the 360 closes.", "Rapporten görs en gång, när 360:an stängs.", "Rapporten laves én gang, når 360'en lukkes."];
    RATER_SELF = 409 "rater_oneself"
        ["Nobody is one's own rater", "Ingen är sin egen bedömare", "Ingen er sin egen bedømmer"]
        ["The participant rates oneself apart, and is no leader, mentor, peer or staff of oneself.", "Deltagaren bedömer sig själv för sig och är inte sin egen chef, mentor, kollega eller medarbetare.", "Deltageren bedømmer sig selv for sig og er ikke sin egen leder, mentor, kollega eller medarbejder."];
    RATER_TWICE = 409 "rater_twice"
        ["Named already", "Redan angiven", "Allerede angivet"]
        ["This person is named already, or has declined.", "Personen är redan angiven eller har tackat nej.", "Personen er allerede angivet eller har sagt nej."];
    RATER_ONE = 409 "rater_group_full"
        ["The group is full", "Gruppen är full", "Gruppen er fuld"]
        ["There are at most {most} raters of this group.", "Det finns högst {most} bedömare i gruppen.", "Der er højst {most} bedømmere i gruppen."];
    RATER_UNKNOWN = 409 "rater_unknown"
        ["The rater can't be asked", "Bedömaren kan inte tillfrågas", "Bedømmeren kan ikke spørges"]
        ["Name a person who is known here and active, or a name with a whole address.", "Ange en person som är känd här och aktiv, eller ett namn med en hel adress.", "Angiv en person, der er kendt her og aktiv, eller et navn med en hel adresse."];
    RATER_STATE = 409 "rater_state"
        ["Not possible now", "Inte möjligt nu", "Ikke muligt nu"]
        ["Only somebody who is named and not asked yet can be taken back.", "Bara den som är angiven och inte tillfrågad än kan tas tillbaka.", "Kun den, der er angivet og ikke spurgt endnu, kan tages tilbage."];
    RATER_LINK_INVALID = 404 "rater_link_invalid"
        ["The link does not work", "Länken fungerar inte", "Linket virker ikke"]
        ["The link is incomplete, or it does not work any more.", "Länken är ofullständig eller gäller inte längre.", "Linket er ufuldstændigt eller gælder ikke længere."];
}
