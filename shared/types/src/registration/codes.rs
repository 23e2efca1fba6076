//! The table of problems of the registration API.

crate::codes! {
    ORGANISATION_CODE_TAKEN = 409 "organisation_code_taken"
        ["The code is taken", "Koden är upptagen", "Koden er optaget"]
        ["Another organisation has this official code.", "En annan organisation har den här koden.", "En anden organisation har denne kode."];
    ORGANISATION_UNKNOWN = 409 "organisation_unknown"
        ["No such organisation", "Organisationen finns inte", "Organisationen findes ikke"]
        ["The named organisation is not known.", "Den angivna organisationen är okänd.", "Den angivne organisation er ukendt."];
    PERSON_UNKNOWN = 409 "person_unknown"
        ["No such person", "Personen finns inte", "Personen findes ikke"]
        ["The named person is not known or no longer active.", "Den angivna personen är okänd eller inte längre aktiv.", "Den angivne person er ukendt eller ikke længere aktiv."];
    PERSON_EMAIL_TAKEN = 409 "person_email_taken"
        ["The address is taken", "Adressen är upptagen", "Adressen er optaget"]
        ["Another verified person of the organisation has this e-mail address.", "En annan bekräftad person i organisationen har den här e-postadressen.", "En anden bekræftet person i organisationen har denne e-mailadresse."];
    ROLE_NOT_ASSIGNABLE = 409 "role_not_assignable"
        ["The role can't be given", "Rollen kan inte ges", "Rollen kan ikke gives"]
        ["This role follows from something else or is not the caller's to give.", "Rollen följer av något annat eller kan inte ges av anroparen.", "Rollen følger af noget andet eller kan ikke gives af kalderen."];
    OFFICE_EXISTS = 409 "office_already_exists"
        ["The office exists", "Befattningen finns redan", "Embedet findes allerede"]
        ["The municipality already has an office of this kind.", "Kommunen har redan en befattning av detta slag.", "Kommunen har allerede et embede af denne slags."];
    OFFICE_MISSING = 409 "office_missing"
        ["Nobody can endorse", "Ingen kan godkänna", "Ingen kan godkende"]
        ["The applicant's municipality has no office that endorses. The coordinator can add it.", "Sökandens kommun har ingen befattning som godkänner. Samordnaren kan lägga till den.", "Ansøgerens kommune har intet embede som godkender. Koordinatoren kan tilføje det."];
    PROGRAMME_UNKNOWN = 409 "programme_unknown"
        ["No such programme", "Utbildningen finns inte", "Uddannelsen findes ikke"]
        ["The named programme is not known to this organiser.", "Den angivna utbildningen finns inte hos denna arrangör.", "Den angivne uddannelse findes ikke hos denne arrangør."];
    PROGRAMME_STATE = 409 "programme_state_forbids"
        ["The programme's state forbids it", "Utbildningens tillstånd hindrar", "Uddannelsens tilstand hindrer"]
        ["Not possible while the programme is {state}.", "Inte möjligt när utbildningen är {state}.", "Ikke muligt mens uddannelsen er {state}."];
    PROGRAMME_NOT_PUBLISHED = 409 "programme_not_published"
        ["The programme is not published", "Utbildningen är inte publicerad", "Uddannelsen er ikke publiceret"]
        ["Publish the programme first.", "Publicera utbildningen först.", "Publicér uddannelsen først."];
    ROUND_STATE = 409 "round_state_forbids"
        ["The round's state forbids it", "Omgångens tillstånd hindrar", "Holdets tilstand hindrer"]
        ["Not possible while the round is {state}.", "Inte möjligt när omgången är {state}.", "Ikke muligt mens holdet er {state}."];
    ROUND_WITHOUT_DATES = 409 "round_without_dates"
        ["The round has no dates", "Omgången saknar datum", "Holdet mangler datoer"]
        ["The round is an interest list until it has an application window.", "Omgången är en intresselista tills den har ett ansökningsfönster.", "Holdet er en interesseliste indtil det har et ansøgningsvindue."];
    ROUND_HAS_DATES = 409 "round_has_dates"
        ["The round takes applications", "Omgången tar emot ansökningar", "Holdet modtager ansøgninger"]
        ["This round has dates: apply instead of declaring an interest.", "Omgången har datum: ansök i stället för att anmäla intresse.", "Holdet har datoer: ansøg i stedet for at melde interesse."];
    ROUND_NOT_OPEN_YET = 409 "round_not_open_yet"
        ["Not open yet", "Inte öppen än", "Ikke åben endnu"]
        ["Applications open on {date}.", "Anmälan öppnar {date}.", "Ansøgning åbner {date}."];
    ROUND_DEADLINE_PASSED = 409 "round_deadline_passed"
        ["The deadline has passed", "Sista dagen har passerat", "Fristen er udløbet"]
        ["The last day was {date}. A coordinator may still admit late with a reason.", "Sista dagen var {date}. En samordnare kan anta sent med en motivering.", "Sidste dag var {date}. En koordinator kan optage sent med en begrundelse."];
    ROUND_BELOW_SEATS_USED = 409 "round_below_seats_used"
        ["Seats are in use", "Platser används", "Pladser er i brug"]
        ["{used} seats are accepted or offered; fewer can't be set.", "{used} platser är accepterade eller erbjudna; färre går inte.", "{used} pladser er accepteret eller tilbudt; færre er ikke muligt."];
    ROUND_FULL = 409 "round_full"
        ["No seat is free", "Ingen plats är ledig", "Ingen plads er ledig"]
        ["All {seats} seats are accepted or offered.", "Alla {seats} platser är accepterade eller erbjudna.", "Alle {seats} pladser er accepteret eller tilbudt."];
    APPLICANT_NOT_ELIGIBLE = 409 "applicant_not_eligible"
        ["The person can't take part", "Personen kan inte delta", "Personen kan ikke deltage"]
        ["The round is not for this organisation or this kind of person.", "Omgången är inte för den här organisationen eller personkategorin.", "Holdet er ikke for denne organisation eller persongruppe."];
    APPLICATION_EXISTS = 409 "application_already_exists"
        ["There is an application already", "Det finns redan en ansökan", "Der findes allerede en ansøgning"]
        ["The person has a live application for this round.", "Personen har redan en gällande ansökan till omgången.", "Personen har allerede en gældende ansøgning til holdet."];
    APPLICATION_STATE = 409 "application_state_forbids"
        ["The application's state forbids it", "Ansökans tillstånd hindrar", "Ansøgningens tilstand hindrer"]
        ["Not possible: the application is {state}.", "Inte möjligt: ansökan är {state}.", "Ikke muligt: ansøgningen er {state}."];
    APPLICATION_HAS_SEAT = 409 "application_has_seat"
        ["There is a seat already", "Det finns redan en plats", "Der er allerede en plads"]
        ["The seat is {state}.", "Platsen är {state}.", "Pladsen er {state}."];
    APPLICATION_WITHOUT_SEAT = 409 "application_without_seat"
        ["There is no such seat", "Det finns ingen sådan plats", "Der er ingen sådan plads"]
        ["Not possible: the seat is {state}.", "Inte möjligt: platsen är {state}.", "Ikke muligt: pladsen er {state}."];
    OFFER_EXPIRED = 409 "offer_expired"
        ["The offer has expired", "Erbjudandet har gått ut", "Tilbuddet er udløbet"]
        ["The last day for the answer was {date}.", "Sista dagen för svar var {date}.", "Sidste dag for svar var {date}."];
    ENDORSEMENT_NOT_REQUIRED = 409 "endorsement_not_required"
        ["No endorsement is needed", "Inget godkännande behövs", "Ingen godkendelse kræves"]
        ["The round asks for no endorsement.", "Omgången kräver inget godkännande.", "Holdet kræver ingen godkendelse."];
    ENDORSEMENT_DECIDED = 409 "endorsement_already_decided"
        ["It is already decided", "Det är redan avgjort", "Det er allerede afgjort"]
        ["The verdict is {state}; each verdict is given once.", "Beslutet är {state}; varje beslut fattas en gång.", "Afgørelsen er {state}; hver afgørelse træffes én gang."];
    ENDORSEMENT_MISSING = 409 "endorsement_missing"
        ["The endorsement is missing", "Godkännandet saknas", "Godkendelsen mangler"]
        ["The office's endorsement is {state}.", "Befattningens godkännande är {state}.", "Embedets godkendelse er {state}."];
    ENDORSEMENT_DEADLINE_PASSED = 409 "endorsement_deadline_passed"
        ["The deadline for endorsements has passed", "Sista dagen för godkännande har passerat", "Fristen for godkendelse er udløbet"]
        ["The last day was {date}.", "Sista dagen var {date}.", "Sidste dag var {date}."];
    ENDORSEMENT_OF_ONESELF = 409 "endorsement_of_oneself"
        ["Nobody endorses oneself", "Ingen godkänner sig själv", "Ingen godkender sig selv"]
        ["The deputy office or the coordinator decides about the director's own application.", "Ställföreträdaren eller samordnaren avgör direktörens egen ansökan.", "Stedfortræderen eller koordinatoren afgør direktørens egen ansøgning."];
    ENDORSEMENT_MOTIVE_MISSING = 409 "endorsement_motive_missing"
        ["A motive is needed", "En motivering behövs", "En begrundelse er nødvendig"]
        ["Who decides in an office's place states why.", "Den som avgör i en befattnings ställe anger varför.", "Den som afgør i et embedes sted angiver hvorfor."];
    ADMISSION_ALREADY_PUBLISHED = 409 "admission_already_published"
        ["The admission is announced", "Antagningen är meddelad", "Optagelsen er meddelt"]
        ["The admission of this round was announced; the queue moves by itself.", "Omgångens antagning är meddelad; reservlistan flyttar sig själv.", "Holdets optagelse er meddelt; ventelisten flytter sig selv."];
    ADMISSION_PROPOSAL_OUTDATED = 409 "admission_proposal_outdated"
        ["The proposal is out of date", "Förslaget är inaktuellt", "Forslaget er forældet"]
        ["Something that the proposal rests on has changed. Make a new one.", "Något som förslaget bygger på har ändrats. Gör ett nytt.", "Noget som forslaget bygger på er ændret. Lav et nyt."];
    ADMISSION_PROPOSAL_STATE = 409 "admission_proposal_state_forbids"
        ["The proposal's state forbids it", "Förslagets tillstånd hindrar", "Forslagets tilstand hindrer"]
        ["Not possible: the proposal is {state}.", "Inte möjligt: förslaget är {state}.", "Ikke muligt: forslaget er {state}."];
    ADMISSION_OVER_SEATS = 409 "admission_over_seats"
        ["More admitted than seats", "Fler antagna än platser", "Flere optaget end pladser"]
        ["{admitted} are admitted, but {seats} seats are free. Move {over} to the queue.", "{admitted} är antagna men {seats} platser är lediga. Flytta {over} till reservlistan.", "{admitted} er optaget men {seats} pladser er ledige. Flyt {over} til ventelisten."];
    ENDORSEMENTS_STILL_AWAITED = 409 "endorsements_still_awaited"
        ["Endorsements are still awaited", "Godkännanden inväntas", "Godkendelser afventes"]
        ["{count} applications wait for their office until {date}.", "{count} ansökningar väntar på sin befattning till {date}.", "{count} ansøgninger afventer deres embede til {date}."];
    SUBSTITUTE_OTHER_MUNICIPALITY = 409 "substitute_of_other_municipality"
        ["Another municipality", "En annan kommun", "En anden kommune"]
        ["A seat is handed on inside one municipality only.", "En plats lämnas bara vidare inom en kommun.", "En plads gives kun videre inden for én kommune."];
    SUBSTITUTION_PENDING = 409 "substitution_already_pending"
        ["A substitution is under way", "Ett byte pågår", "Et skift er i gang"]
        ["Another person is already named for this seat.", "En annan person är redan utsedd för platsen.", "En anden person er allerede udpeget til pladsen."];
    LINK_INVALID = 404 "link_invalid"
        ["The link does not work", "Länken fungerar inte", "Linket virker ikke"]
        ["The link is not valid any more. Ask the organiser to send a new one.", "Länken gäller inte längre. Be arrangören skicka en ny.", "Linket gælder ikke længere. Bed arrangøren sende et nyt."];
    MAIL_LIMIT = 429 "mail_limit"
        ["Enough mails for now", "Tillräckligt många mejl just nu", "Mails nok for nu"]
        ["This recipient was sent {most} mails of this kind within an hour. Try again later.", "Mottagaren har fått {most} sådana mejl inom en timme. Försök igen senare.", "Modtageren har fået {most} mails af denne slags inden for en time. Prøv igen senere."];
}
