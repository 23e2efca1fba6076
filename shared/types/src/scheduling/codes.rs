//! The table of problems that scheduling alone answers.

crate::codes! {
    ROUND_UNKNOWN = 409 "round_unknown"
        ["The round is not known here yet", "Omgången är inte känd här än", "Holdet er ikke kendt her endnu"]
        ["Registration has not told of this round. Try again in a moment.", "Anmälan har inte berättat om omgången. Försök igen om en stund.", "Tilmeldingen har ikke fortalt om holdet. Prøv igen om lidt."];
    VENUE_UNKNOWN = 409 "venue_unknown"
        ["No such venue", "Lokalen finns inte", "Stedet findes ikke"]
        ["A named venue or room is not known, or the room is not the venue's.", "En angiven lokal eller sal är inte känd, eller så hör salen inte till lokalen.", "Et angivet sted eller lokale er ikke kendt, eller lokalet hører ikke til stedet."];
    ROOM_EXISTS = 409 "room_already_exists"
        ["The room exists", "Salen finns redan", "Lokalet findes allerede"]
        ["The venue already has a room of this name.", "Lokalen har redan en sal med detta namn.", "Stedet har allerede et lokale med dette navn."];
    PLAN_EXISTS = 409 "plan_already_exists"
        ["There are sessions already", "Det finns redan tillfällen", "Der er allerede kursgange"]
        ["A plan is made from a pattern or a model only while it has no sessions.", "En plan skapas från mönster eller förlaga bara när den saknar tillfällen.", "En plan dannes kun efter mønster eller forlæg, så længe den ingen kursgange har."];
    PLAN_MISSING = 409 "plan_missing"
        ["There is no plan", "Det finns ingen plan", "Der er ingen plan"]
        ["The round has no plan with sessions yet.", "Omgången har ingen plan med tillfällen än.", "Holdet har endnu ingen plan med kursgange."];
    PLAN_FULL = 409 "plan_full"
        ["The plan has all it can hold", "Planen är full", "Planen er fuld"]
        ["A plan has at most {most} sessions.", "En plan har högst {most} tillfällen.", "En plan har højst {most} kursgange."];
    PLAN_UNCHANGED = 409 "plan_unchanged"
        ["There is nothing to release", "Det finns inget att släppa", "Der er intet at frigive"]
        ["The draft says what release {number} says already.", "Utkastet säger vad utgåva {number} redan säger.", "Udkastet siger hvad udgave {number} allerede siger."];
    PLAN_BLOCKED = 409 "plan_blocked"
        ["Something forbids the release", "Något hindrar utgivningen", "Noget hindrer udgivelsen"]
        ["A finding forbids the release, whatever the reason: {findings}.", "Ett fynd hindrar utgivningen, oavsett skäl: {findings}.", "Et fund hindrer udgivelsen, uanset begrundelse: {findings}."];
    PLAN_CLASHES = 409 "plan_clashes"
        ["Something speaks against the release", "Något talar mot utgivningen", "Noget taler imod udgivelsen"]
        ["Release with a reason, or mend: {findings}.", "Släpp med ett skäl, eller åtgärda: {findings}.", "Udgiv med en begrundelse, eller ret: {findings}."];
    PLAN_NOT_SHIFTABLE = 409 "plan_not_shiftable"
        ["The dates can't be moved there", "Datumen kan inte flyttas dit", "Datoerne kan ikke flyttes dertil"]
        ["The model has no session with days, or a day would be out of reach.", "Förlagan har inget tillfälle med dagar, eller så hamnar en dag utom räckhåll.", "Forlægget har ingen kursgang med dage, eller en dag ville være uden for rækkevidde."];
    SESSION_STATE = 409 "session_state_forbids"
        ["The session's state forbids it", "Tillfällets tillstånd hindrar", "Kursgangens tilstand hindrer"]
        ["Not possible while the session is {state}.", "Inte möjligt när tillfället är {state}.", "Ikke muligt mens kursgangen er {state}."];
    SESSION_RELEASED = 409 "session_already_released"
        ["The session was released", "Tillfället är utgivet", "Kursgangen er udgivet"]
        ["People know of it: cancel it instead.", "Folk känner till det: ställ in det i stället.", "Folk kender til den: aflys den i stedet."];
    SESSION_NOT_RESERVE = 409 "session_not_reserve"
        ["Not a reserve date", "Inget reservtillfälle", "Ikke en reservedato"]
        ["Only a reserve date can stand in for a session, or lapse.", "Bara ett reservtillfälle kan ersätta ett tillfälle eller förfalla.", "Kun en reservedato kan erstatte en kursgang eller bortfalde."];
    SESSION_NOT_REPLACEABLE = 409 "session_not_replaceable"
        ["Nothing to stand in for", "Inget att ersätta", "Intet at erstatte"]
        ["The named session is not one of this round's that can be replaced, or it is replaced already.", "Det angivna tillfället är inget i omgången som kan ersättas, eller så är det redan ersatt.", "Den angivne kursgang er ikke en af holdets som kan erstattes, eller er allerede erstattet."];
    SESSION_UNKNOWN = 409 "session_unknown"
        ["No such session", "Tillfället finns inte", "Kursgangen findes ikke"]
        ["The named session is not one of the round's.", "Det angivna tillfället är inget av omgångens.", "Den angivne kursgang er ikke en af holdets."];
    SESSION_GROUP_UNKNOWN = 409 "session_group_unknown"
        ["No such group", "Gruppen finns inte", "Gruppen findes ikke"]
        ["The named group is not one of the round's, or its set was discarded.", "Den angivna gruppen är ingen av omgångens, eller så är indelningen kasserad.", "Den angivne gruppe er ikke en af holdets, eller inddelingen er kasseret."];
    SITE_UNKNOWN = 409 "session_site_unknown"
        ["No such site", "Platsen finns inte", "Stedet findes ikke"]
        ["The session is held neither at this venue nor at a site of it.", "Tillfället hålls varken i den här lokalen eller på någon sådan plats.", "Kursgangen holdes hverken på dette sted eller på et sådant."];
    SITE_FULL = 409 "session_site_full"
        ["The site is full", "Platsen är full", "Stedet er fuldt"]
        ["All {places} places of the site are taken.", "Alla {places} platser är tagna.", "Alle {places} pladser på stedet er taget."];
    SITE_CHOICE_OVER = 409 "session_site_choice_over"
        ["The session has begun", "Tillfället har börjat", "Kursgangen er begyndt"]
        ["A site is chosen until the session begins. Ask the organiser.", "Plats väljs tills tillfället börjar. Fråga arrangören.", "Et sted vælges, indtil kursgangen begynder. Spørg arrangøren."];
    SESSION_FULL = 409 "session_full"
        ["No place is free", "Ingen plats är ledig", "Ingen plads er ledig"]
        ["All {places} places of the elective session are taken.", "Alla {places} platser på valbara tillfället är tagna.", "Alle {places} pladser på den valgfrie kursgang er taget."];
    SESSION_NOT_ELECTIVE = 409 "session_not_elective"
        ["There is nothing to choose", "Det finns inget att välja", "Der er intet at vælge"]
        ["The session is not elective, or has begun, or will not be held.", "Tillfället är inte valbart, har börjat eller är inställt.", "Kursgangen er ikke valgfri, er begyndt eller er aflyst."];
    COHORT_STATE = 409 "cohort_plan_state_forbids"
        ["The plan's state forbids it", "Planens tillstånd hindrar", "Planens tilstand hindrer"]
        ["Not possible while the plan is {state}.", "Inte möjligt när planen är {state}.", "Ikke muligt mens planen er {state}."];
    COHORT_EMPTY = 409 "cohort_plan_empty"
        ["Nobody to publish", "Ingen att publicera", "Ingen at publicere"]
        ["The plan puts nobody in a round who is not published already.", "Planen placerar ingen i en omgång som inte redan är publicerad.", "Planen placerer ingen på et hold som ikke allerede er publiceret."];
    COHORT_TOO_LARGE = 409 "cohort_plan_too_large"
        ["Too many people", "För många personer", "For mange personer"]
        ["The plan would be about {count} people; at most {most} are planned at once.", "Planen skulle gälla {count} personer; högst {most} planeras på en gång.", "Planen ville gælde {count} personer; højst {most} planlægges på én gang."];
    COHORT_CHANGED = 409 "cohort_plan_changed"
        ["The plan has changed meanwhile", "Planen har ändrats under tiden", "Planen er ændret imens"]
        ["Somebody else has changed the plan while this one was computed. Read it and try again.", "Någon annan har ändrat planen medan den här beräknades. Läs den och försök igen.", "En anden har ændret planen mens denne blev beregnet. Læs den og prøv igen."];
    BOOKING_STATE = 409 "booking_state_forbids"
        ["The booking's state forbids it", "Bokningens tillstånd hindrar", "Bookingens tilstand hindrer"]
        ["Not possible while the booking is {state}.", "Inte möjligt när bokningen är {state}.", "Ikke muligt mens bookingen er {state}."];
    BEDS_TAKEN = 409 "venue_beds_taken"
        ["Too few beds", "För få sängar", "For få senge"]
        ["On the night of {date} {left} of {beds} beds are free, and {wanted} are asked for.", "Natten {date} är {left} av {beds} sängar lediga, och {wanted} efterfrågas.", "Natten {date} er {left} af {beds} senge ledige, og der ønskes {wanted}."];
    PROPOSAL_STATE = 409 "agenda_proposal_state_forbids"
        ["The proposal is decided", "Förslaget är avgjort", "Forslaget er afgjort"]
        ["Not possible: the proposal is {state}.", "Inte möjligt: förslaget är {state}.", "Ikke muligt: forslaget er {state}."];
    GROUP_SET_STATE = 409 "group_set_state_forbids"
        ["The groups' state forbids it", "Gruppernas tillstånd hindrar", "Gruppernes tilstand hindrer"]
        ["Not possible while the set of groups is {state}.", "Inte möjligt när gruppindelningen är {state}.", "Ikke muligt mens gruppeinddelingen er {state}."];
    GROUP_NOBODY = 409 "group_nobody_takes_part"
        ["Nobody takes part yet", "Ingen deltar än", "Ingen deltager endnu"]
        ["There are no groups without participants: nobody has accepted a seat.", "Utan deltagare finns inga grupper: ingen har tackat ja till en plats.", "Uden deltagere ingen grupper: ingen har taget imod en plads."];
    GROUP_COUNT = 409 "group_count_too_large"
        ["Too many groups", "För många grupper", "For mange grupper"]
        ["{people} people do not fill {groups} groups.", "{people} personer räcker inte till {groups} grupper.", "{people} personer rækker ikke til {groups} grupper."];
    GROUP_PEOPLE = 409 "group_people_too_many"
        ["Too many people", "För många personer", "For mange personer"]
        ["Groups are composed of at most {most} people at once; {people} take part.", "Grupper sätts samman av högst {most} personer åt gången; {people} deltar.", "Grupper sammensættes af højst {most} personer ad gangen; {people} deltager."];
    GROUP_PERSON_UNKNOWN = 409 "group_person_unknown"
        ["Not a participant", "Ingen deltagare", "Ikke en deltager"]
        ["A named person does not take part in the round, or is not in the named group.", "En angiven person deltar inte i omgången, eller finns inte i den angivna gruppen.", "En angiven person deltager ikke på holdet eller er ikke i den angivne gruppe."];
    GROUP_UNKNOWN = 409 "group_unknown"
        ["No such group", "Gruppen finns inte", "Gruppen findes ikke"]
        ["There are groups 1 to {most}.", "Det finns grupperna 1 till {most}.", "Der er grupperne 1 til {most}."];
    GROUP_INPUTS_CHANGED = 409 "group_inputs_changed"
        ["Somebody came, left or was moved", "Någon kom, lämnade eller flyttades", "Nogen kom, gik eller blev flyttet"]
        ["What the groups rest on has changed while they were composed. Try again.", "Underlaget ändrades medan grupperna sattes samman. Försök igen.", "Grundlaget ændrede sig mens grupperne blev sat sammen. Prøv igen."];
    GROUP_RULES_BROKEN = 409 "group_rules_broken"
        ["Something speaks against these groups", "Något talar mot grupperna", "Noget taler imod grupperne"]
        ["Publish with a reason, or mend: {findings}.", "Publicera med ett skäl, eller åtgärda: {findings}.", "Offentliggør med en begrundelse, eller ret: {findings}."];
    GROUP_REASON_MISSING = 409 "group_reason_missing"
        ["The move needs a reason", "Flytten behöver ett skäl", "Flytningen kræver en begrundelse"]
        ["Participants have seen these groups: say why somebody moves.", "Deltagarna har sett grupperna: ange varför någon flyttas.", "Deltagerne har set grupperne: angiv hvorfor nogen flyttes."];
    LINK_DEAD = 404 "link_dead"
        ["The link does not work", "Länken fungerar inte", "Linket virker ikke"]
        ["The link is not valid, or not any more. Ask the organiser, or make a new one.", "Länken gäller inte, eller inte längre. Fråga arrangören eller skapa en ny.", "Linket gælder ikke, eller ikke længere. Spørg arrangøren, eller lav et nyt."];
    CALENDAR_LINKS_MOST = 409 "calendar_links_most"
        ["There are enough links", "Det finns tillräckligt många länkar", "Der er links nok"]
        ["A person has at most {most} links that work. Revoke one first.", "En person har högst {most} gällande länkar. Återkalla en först.", "En person har højst {most} gyldige links. Tilbagekald et først."];
    ATTENDANCE_REFUSED = 409 "attendance_refused"
        ["Some can't be marked", "Några kan inte markeras", "Nogle kan ikke markeres"]
        ["Nothing was marked: {count} of the marks can't be; each is listed with the reason.", "Inget markerades: {count} av markeringarna går inte; varje skäl är uppräknat.", "Intet blev markeret: {count} af markeringerne kan ikke; hver grund er anført."];
    ATTENDANCE_NOT_PARTICIPANT = 409 "attendance_not_participant"
        ["The session is not for this person", "Tillfället är inte för personen", "Kursgangen er ikke for personen"]
        ["The person does not take part in the round, or the session is for others.", "Personen deltar inte i omgången, eller så är tillfället för andra.", "Personen deltager ikke på holdet, eller kursgangen er for andre."];
    ATTENDANCE_NO_SUCH_DAY = 409 "attendance_no_such_day"
        ["The session has no such day", "Tillfället har ingen sådan dag", "Kursgangen har ingen sådan dag"]
        ["The session has {days} days, counted from 1.", "Tillfället har {days} dagar, räknade från 1.", "Kursgangen har {days} dage, talt fra 1."];
    ATTENDANCE_NOT_OPEN = 409 "attendance_not_open"
        ["It is too early", "Det är för tidigt", "Det er for tidligt"]
        ["Marking opens at {date} (UTC), a quarter of an hour before the day begins.", "Markeringen öppnar {date} (UTC), en kvart innan dagen börjar.", "Markeringen åbner {date} (UTC), et kvarter før dagen begynder."];
    ATTENDANCE_SITE_UNKNOWN = 409 "attendance_site_unknown"
        ["No such site", "Platsen finns inte", "Stedet findes ikke"]
        ["The session is held neither at this venue nor at a site of it.", "Tillfället hålls varken i den här lokalen eller på någon sådan plats.", "Kursgangen holdes hverken på dette sted eller på et sådant."];
    ATTENDANCE_NOT_OWN_SITE = 409 "attendance_not_own_site"
        ["Not of your site", "Inte din plats", "Ikke dit sted"]
        ["Who looks after a site marks those who join from there.", "Den som tar hand om en plats markerar dem som deltar därifrån.", "Den som tager sig af et sted, markerer dem som deltager derfra."];
    ATTENDANCE_TWICE = 409 "attendance_twice"
        ["Marked twice", "Markerad två gånger", "Markeret to gange"]
        ["The same half day of the same person stands in the list more than once.", "Samma halvdag för samma person står i listan mer än en gång.", "Samme halve dag for samme person står på listen mere end én gang."];
    SESSION_CANCELLED = 409 "session_cancelled"
        ["The session is cancelled", "Tillfället är inställt", "Kursgangen er aflyst"]
        ["The session will not be held.", "Tillfället hålls inte.", "Kursgangen bliver ikke holdt."];
    MAKE_UP_REFUSED = 409 "make_up_refused"
        ["Some did not take part", "Några deltar inte", "Nogle deltager ikke"]
        ["Nothing was noted: {count} of the people do not take part in the round; each is listed.", "Inget noterades: {count} av personerna deltar inte i omgången; var och en är uppräknad.", "Intet blev noteret: {count} af personerne deltager ikke på holdet; hver er anført."];
    INVITATION_OVER = 409 "invitation_over"
        ["The session has begun", "Tillfället har börjat", "Kursgangen er begyndt"]
        ["An invitation is answered until the session begins.", "En inbjudan kan besvaras tills tillfället börjar.", "En invitation besvares, indtil kursgangen begynder."];
    INVITATION_WITHDRAWN = 409 "invitation_withdrawn"
        ["The invitation was withdrawn", "Inbjudan är återtagen", "Invitationen er trukket tilbage"]
        ["The session is cancelled or no longer for this person.", "Tillfället är inställt eller inte längre för den här personen.", "Kursgangen er aflyst eller ikke længere for denne person."];
}
