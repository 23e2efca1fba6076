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
    PERSON_HOLDS_OFFICE = 409 "person_holds_office"
        ["The person holds an office", "Personen innehar en befattning", "Personen beklæder et embede"]
        ["Name another holder of the office first; nobody could decide otherwise.", "Ange först en annan innehavare av befattningen; annars kan ingen besluta.", "Angiv først en anden indehaver af embedet; ellers kan ingen beslutte."];
    PERSON_ERASED = 409 "person_erased"
        ["The person was erased", "Personen har raderats", "Personen er slettet"]
        ["Nothing but an id is left of this person.", "Inget annat än ett id finns kvar av personen.", "Der er intet andet end et id tilbage af personen."];
    ROLE_NOT_ASSIGNABLE = 409 "role_not_assignable"
        ["The role can't be given", "Rollen kan inte ges", "Rollen kan ikke gives"]
        ["This role follows from something else or is not the caller's to give.", "Rollen följer av något annat eller kan inte ges av anroparen.", "Rollen følger af noget andet eller kan ikke gives af kalderen."];
    API_KEY_EXCEEDS_CALLER = 403 "api_key_exceeds_caller"
        ["The key would be mightier than you", "Nyckeln skulle få göra mer än du", "Nøglen ville kunne mere end dig"]
        ["Nobody gives a key a role, a scope or a life that goes beyond the caller's own.", "Ingen ger en nyckel en roll, en behörighet eller en livslängd utöver sin egen.", "Ingen giver en nøgle en rolle, en rettighed eller en levetid ud over sin egen."];
    API_KEY_STATE = 409 "api_key_state_forbids"
        ["The key's state forbids it", "Nyckelns tillstånd hindrar", "Nøglens tilstand hindrer"]
        ["Not possible: the key is {state}.", "Inte möjligt: nyckeln är {state}.", "Ikke muligt: nøglen er {state}."];
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
        ["The last day was {date} ({zone}). A coordinator may still admit late with a reason.", "Sista dagen var {date} ({zone}). En samordnare kan anta sent med en motivering.", "Sidste dag var {date} ({zone}). En koordinator kan optage sent med en begrundelse."];
    ROUND_BELOW_SEATS_USED = 409 "round_below_seats_used"
        ["Seats are in use", "Platser används", "Pladser er i brug"]
        ["{used} seats are accepted or offered; fewer can't be set.", "{used} platser är accepterade eller erbjudna; färre går inte.", "{used} pladser er accepteret eller tilbudt; færre er ikke muligt."];
    ROUND_CALENDAR_UNKNOWN = 409 "round_calendar_unknown"
        ["No calendar is known", "Ingen kalender är känd", "Ingen kalender er kendt"]
        ["Working days are known for Sweden and Denmark; neither the round's zone nor the organiser's code says which.", "Arbetsdagar är kända för Sverige och Danmark; varken omgångens tidszon eller arrangörens kod säger vilket.", "Arbejdsdage er kendt for Sverige og Danmark; hverken holdets tidszone eller arrangørens kode siger hvilket."];
    ROUND_CHANGE_REASON_MISSING = 409 "round_change_reason_missing"
        ["The change needs a reason", "Ändringen behöver ett skäl", "Ændringen kræver en begrundelse"]
        ["The round is published, and this makes its terms other or worse: {fields}. State changeReason.", "Omgången är publicerad, och detta ändrar eller försämrar villkoren: {fields}. Ange changeReason.", "Holdet er publiceret, og dette ændrer eller forringer vilkårene: {fields}. Angiv changeReason."];
    ROUND_CANCELLED = 410 "round_cancelled"
        ["The round is cancelled", "Omgången är inställd", "Holdet er aflyst"]
        ["The round will not be held, and the link has ended with it. Ask the organiser what else is on offer.", "Omgången ställs in, och länken slutade gälla med den. Fråga arrangören vad mer som erbjuds.", "Holdet gennemføres ikke, og linket ophørte med det. Spørg arrangøren, hvad der ellers tilbydes."];
    QUEUE_NOT_JOINED = 409 "application_not_in_queue"
        ["Not in the queue", "Står inte i kön", "Står ikke i køen"]
        ["The application does not wait for a seat: admission {admission}, seat {seat}.", "Ansökan väntar inte på en plats: antagning {admission}, plats {seat}.", "Ansøgningen venter ikke på en plads: optagelse {admission}, plads {seat}."];
    NEEDS_NOT_ASKED = 409 "needs_not_asked"
        ["Needs are asked after admission", "Behov frågas efter antagning", "Behov spørges der om efter optagelse"]
        ["There is no offered or accepted seat for which needs would be kept: the seat is {state}.", "Det finns ingen erbjuden eller accepterad plats för vilken behov sparas: platsen är {state}.", "Der er ingen tilbudt eller accepteret plads som behov gemmes for: pladsen er {state}."];
    NEEDS_MISSING = 404 "needs_missing"
        ["No needs are stated", "Inga behov är angivna", "Ingen behov er angivet"]
        ["Nothing was stated for this participation, or it was taken back.", "Ingenting är angivet för deltagandet, eller så är det tillbakataget.", "Intet er angivet for deltagelsen, eller det er taget tilbage."];
    NEEDS_ERASED = 404 "needs_erased"
        ["The needs are erased", "Behoven är raderade", "Behovene er slettet"]
        ["They were erased some days after the round, as it promised; only counts are kept.", "De raderades en tid efter omgången, som utlovat; bara antal finns kvar.", "De blev slettet nogle dage efter holdet, som lovet; kun antal er bevaret."];
    ROUND_FULL = 409 "round_full"
        ["No seat is free", "Ingen plats är ledig", "Ingen plads er ledig"]
        ["All {seats} seats are accepted or offered.", "Alla {seats} platser är accepterade eller erbjudna.", "Alle {seats} pladser er accepteret eller tilbudt."];
    HOLD_UNKNOWN = 409 "hold_unknown"
        ["No such hold", "Reservationen finns inte", "Reservationen findes ikke"]
        ["The round has no such hold.", "Omgången har ingen sådan reservation.", "Holdet har ingen sådan reservation."];
    HOLD_STATE = 409 "hold_state_forbids"
        ["The hold's state forbids it", "Reservationens tillstånd hindrar", "Reservationens tilstand hindrer"]
        ["Not possible: the hold is {state}.", "Inte möjligt: reservationen är {state}.", "Ikke muligt: reservationen er {state}."];
    HOLD_LAPSED = 409 "hold_lapsed"
        ["The hold has lapsed", "Reservationen har gått ut", "Reservationen er udløbet"]
        ["The last day of the hold was {date}.", "Reservationens sista dag var {date}.", "Reservationens sidste dag var {date}."];
    HOLD_TOO_SMALL = 409 "hold_too_small"
        ["The hold is too small", "Reservationen räcker inte", "Reservationen rækker ikke"]
        ["{wanted} seats are asked of the hold; {left} are left.", "{wanted} platser begärs av reservationen; {left} finns kvar.", "Der bedes om {wanted} pladser af reservationen; {left} er tilbage."];
    HOLD_OTHER_ORGANISATION = 409 "hold_of_other_organisation"
        ["The hold is for others", "Reservationen är för andra", "Reservationen er for andre"]
        ["The person does not belong to the organisation that the seats are held for.", "Personen hör inte till organisationen som platserna är reserverade för.", "Personen hører ikke til organisationen som pladserne er reserveret til."];
    NOMINATED_TWICE = 409 "nominated_twice"
        ["Named twice", "Namngiven två gånger", "Nævnt to gange"]
        ["The person stands on the list more than once.", "Personen står på listan mer än en gång.", "Personen står på listen mere end én gang."];
    NOMINATIONS_REFUSED = 409 "nominations_refused"
        ["Some can't be nominated", "Några kan inte nomineras", "Nogle kan ikke nomineres"]
        ["Nobody was nominated: {count} of the people can't be; each is listed with the reason.", "Ingen nominerades: {count} av personerna kan inte nomineras; varje skäl är uppräknat.", "Ingen blev nomineret: {count} af personerne kan ikke nomineres; hver grund er anført."];
    CHOICE_NOT_OFFERED = 409 "choice_not_offered"
        ["There are no choices", "Det finns inga val", "Der er ingen valg"]
        ["The programme gives as many seats as one applies to; leave out the choice.", "Utbildningen ger så många platser man söker; utelämna valet.", "Uddannelsen giver så mange pladser man søger; udelad valget."];
    CHOICE_TAKEN = 409 "choice_already_taken"
        ["The choice is taken", "Valet är upptaget", "Valget er optaget"]
        ["The person has another live application of the programme as this choice.", "Personen har redan en annan gällande ansökan till utbildningen som detta val.", "Personen har allerede en anden gældende ansøgning til uddannelsen som dette valg."];
    SEAT_IN_PROGRAMME = 409 "seat_in_programme"
        ["There is a seat already", "Det finns redan en plats", "Der er allerede en plads"]
        ["The person has a seat in another round, and the programme gives one.", "Personen har en plats i en annan omgång, och utbildningen ger en.", "Personen har en plads på et andet hold, og uddannelsen giver én."];
    PROGRAMME_HAS_ROUNDS = 409 "programme_has_announced_rounds"
        ["Rounds are announced", "Omgångar är annonserade", "Hold er annonceret"]
        ["How many seats a person gets can't change once a round is announced.", "Antalet platser per person kan inte ändras när en omgång är annonserad.", "Antallet af pladser per person kan ikke ændres når et hold er annonceret."];
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
        ["The last day for the answer was {date} ({zone}).", "Sista dagen för svar var {date} ({zone}).", "Sidste dag for svar var {date} ({zone})."];
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
        ["The last day was {date} ({zone}).", "Sista dagen var {date} ({zone}).", "Sidste dag var {date} ({zone})."];
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
    CURSOR_EXPIRED = 400 "cursor_expired"
        ["Too much time has passed", "För lång tid har gått", "Der er gået for lang tid"]
        ["Events after this place were forgotten in the meantime. Read the lists anew, then follow the feed from its beginning.", "Händelser efter denna plats har gallrats under tiden. Läs listorna på nytt och följ sedan flödet från början.", "Hændelser efter dette sted er slettet i mellemtiden. Læs listerne på ny, og følg derefter feedet fra begyndelsen."];
    MESSAGE_STATE = 409 "message_state_forbids"
        ["The message's state forbids it", "Brevets tillstånd hindrar", "Beskedens tilstand hindrer"]
        ["Not possible while the message is {state}.", "Inte möjligt när brevet är {state}.", "Ikke muligt mens beskeden er {state}."];
    WEBHOOK_ADDRESS_REFUSED = 409 "webhook_address_refused"
        ["The address can't be used", "Adressen kan inte användas", "Adressen kan ikke bruges"]
        ["Events are sent over https to hosts out in the open, without a name and password in the address.", "Händelser skickas med https till värdar som kan nås öppet, utan namn och lösenord i adressen.", "Hændelser sendes med https til værter, der kan nås åbent, uden navn og adgangskode i adressen."];
    WEBHOOK_LIMIT = 409 "webhook_limit"
        ["There are enough webhooks", "Det finns tillräckligt många webhookar", "Der er nok webhooks"]
        ["An organisation has {most} webhooks at most.", "En organisation har högst {most} webhookar.", "En organisation har højst {most} webhooks."];
    WEBHOOK_STATE = 409 "webhook_state_forbids"
        ["The webhook's state forbids it", "Webhookens tillstånd hindrar", "Webhookens tilstand hindrer"]
        ["Not possible while the webhook is {state}.", "Inte möjligt när webhooken är {state}.", "Ikke muligt mens webhooken er {state}."];
    DELIVERY_STATE = 409 "delivery_state_forbids"
        ["The delivery's state forbids it", "Leveransens tillstånd hindrar", "Leverancens tilstand hindrer"]
        ["Not possible while the delivery is {state}.", "Inte möjligt när leveransen är {state}.", "Ikke muligt mens leverancen er {state}."];
    EVENT_FORGOTTEN = 409 "event_forgotten"
        ["The event is forgotten", "Händelsen är gallrad", "Hændelsen er slettet"]
        ["The event is older than events are kept; read the thing instead.", "Händelsen är äldre än händelser sparas; läs objektet i stället.", "Hændelsen er ældre, end hændelser gemmes; læs objektet i stedet."];
    MAIL_LIMIT = 429 "mail_limit"
        ["Enough mails for now", "Tillräckligt många mejl just nu", "Mails nok for nu"]
        ["This recipient was sent {most} mails of this kind within an hour. Try again later.", "Mottagaren har fått {most} sådana mejl inom en timme. Försök igen senare.", "Modtageren har fået {most} mails af denne slags inden for en time. Prøv igen senere."];
    BILLING_DETAILS_UNKNOWN = 404 "billing_details_unknown"
        ["No billing details are known", "Inga faktureringsuppgifter är kända", "Ingen faktureringsoplysninger er kendt"]
        ["The organisation has not said yet what stands on invoices.", "Organisationen har inte angett vad som ska stå på fakturor.", "Organisationen har ikke angivet hvad der skal stå på fakturaer."];
    BILLING_DETAILS_MISSING = 409 "billing_details_missing"
        ["Billing details are missing", "Faktureringsuppgifter saknas", "Faktureringsoplysninger mangler"]
        ["An invoice has to say more of the two parties. Missing: {missing}.", "En faktura måste säga mer om de två parterna. Saknas: {missing}.", "En faktura skal sige mere om de to parter. Mangler: {missing}."];
    INVOICE_STATE = 409 "invoice_state_forbids"
        ["The invoice's state forbids it", "Fakturans tillstånd hindrar", "Fakturaens tilstand hindrer"]
        ["Not possible: the document is {state}.", "Inte möjligt: dokumentet är {state}.", "Ikke muligt: dokumentet er {state}."];
    INVOICE_NOT_INVOICE = 409 "invoice_is_credit_note"
        ["It is a credit note", "Det är en kreditfaktura", "Det er en kreditnota"]
        ["A credit note can't be credited: draft a new invoice.", "En kreditfaktura kan inte krediteras: gör ett nytt fakturautkast.", "En kreditnota kan ikke krediteres: lav et nyt fakturaudkast."];
    INVOICE_VAT_RATE = 409 "invoice_vat_rate_unknown"
        ["The VAT rate is not one of the country", "Momssatsen finns inte i landet", "Momssatsen findes ikke i landet"]
        ["A seller in {country} can't charge VAT at {permille} thousandths. Correct the round's prices, discard the draft and draft it again.", "En säljare i {country} kan inte ta {permille} tusendelar i moms. Rätta omgångens priser, kasta utkastet och gör ett nytt.", "En sælger i {country} kan ikke opkræve {permille} tusindedele i moms. Ret holdets priser, kassér udkastet og lav et nyt."];
    INVOICE_LINE_UNKNOWN = 409 "invoice_line_unknown"
        ["No such line", "Raden finns inte", "Linjen findes ikke"]
        ["The invoice has no such line, or it was named twice.", "Fakturan har ingen sådan rad, eller så angavs den två gånger.", "Fakturaen har ingen sådan linje, eller den blev angivet to gange."];
    CREDIT_TOO_LARGE = 409 "credit_too_large"
        ["The credit is too large", "Krediteringen är för stor", "Krediteringen er for stor"]
        ["A credit can't exceed what is left of the line: {left} minor units.", "En kreditering kan inte överstiga vad som är kvar av raden: {left} i minsta enhet.", "En kreditering kan ikke overstige det der er tilbage af linjen: {left} i mindste enhed."];
    BUDGET_UNKNOWN = 404 "budget_unknown"
        ["The round has no budget", "Omgången har ingen budget", "Holdet har intet budget"]
        ["No budget was stated for this round.", "Ingen budget är angiven för omgången.", "Intet budget er angivet for holdet."];
}
