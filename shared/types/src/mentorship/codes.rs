//! The table of problems of the mentorship API.

crate::codes! {
    MENTOR_PERSON_UNKNOWN = 409 "mentor_person_unknown"
        ["The person is not known here", "Personen är inte känd här", "Personen er ikke kendt her"]
        ["The person has not arrived here yet, or there is none.", "Personen har inte kommit hit än, eller finns inte.", "Personen er ikke kommet hertil endnu, eller findes ikke."];
    MENTOR_EXISTS = 409 "mentor_already_in_pool"
        ["Already in the pool", "Finns redan bland mentorerna", "Findes allerede blandt mentorerne"]
        ["The person is in the round's pool of mentors already.", "Personen finns redan bland omgångens mentorer.", "Personen findes allerede blandt holdets mentorer."];
    MENTOR_UNKNOWN = 409 "mentor_unknown"
        ["No such mentor", "Mentorn finns inte", "Mentoren findes ikke"]
        ["A named mentor is not in the round's pool.", "En angiven mentor finns inte bland omgångens mentorer.", "En angiven mentor findes ikke blandt holdets mentorer."];
    MENTEE_UNKNOWN = 409 "mentee_unknown"
        ["No such mentee", "Adepten finns inte", "Menteen findes ikke"]
        ["A named mentee does not take part in the round.", "En angiven adept deltar inte i omgången.", "En angiven mentee deltager ikke på holdet."];
    MENTOR_WITHOUT_OFFICE = 409 "mentor_without_office"
        ["No eligible office", "Ingen behörig befattning", "Intet gyldigt embede"]
        ["The person holds no office whose holder may be a mentor.", "Personen har ingen befattning vars innehavare kan vara mentor.", "Personen har intet embede, hvis indehaver kan være mentor."];
    MENTOR_INACTIVE = 409 "mentor_inactive"
        ["No longer active", "Inte längre aktiv", "Ikke længere aktiv"]
        ["The person is not known here or no longer active.", "Personen är inte känd här eller inte längre aktiv.", "Personen er ikke kendt her eller ikke længere aktiv."];
    MENTOR_WITHOUT_MUNICIPALITY = 409 "mentor_without_municipality"
        ["No municipality", "Ingen kommun", "Ingen kommune"]
        ["It is not known to which municipality the person belongs.", "Det är inte känt vilken kommun personen hör till.", "Det vides ikke, hvilken kommune personen hører til."];
    MENTOR_FULL = 409 "mentor_full"
        ["No place left", "Ingen plats kvar", "Ingen plads tilbage"]
        ["The mentor has {used} of {capacity} mentees.", "Mentorn har {used} av {capacity} adepter.", "Mentoren har {used} af {capacity} mentees."];
    CONFLICT_WITH_ONESELF = 409 "conflict_with_oneself"
        ["Two different people", "Två olika personer", "To forskellige personer"]
        ["A conflict is between two different people.", "Ett jäv är mellan två olika personer.", "En inhabilitet er mellem to forskellige personer."];
    CONFLICT_DECLARED = 409 "conflict_already_declared"
        ["Declared already", "Redan anmält", "Allerede anmeldt"]
        ["The two have been declared in this round already.", "De två är redan anmälda i omgången.", "De to er allerede anmeldt på holdet."];
    CONSTRAINT_EXISTS = 409 "matching_constraint_exists"
        ["Said already", "Redan angivet", "Allerede angivet"]
        ["The pair is demanded or forbidden already.", "Paret är redan krävt eller uteslutet.", "Parret er allerede krævet eller udelukket."];
    RUN_PUBLISHED = 409 "matching_run_published"
        ["Published already", "Redan publicerad", "Allerede publiceret"]
        ["The pairs of this run have been proposed already.", "Körningens par är redan föreslagna.", "Kørslens par er allerede foreslået."];
    RUN_OUTDATED = 409 "matching_run_outdated"
        ["Something has changed", "Något har ändrats", "Noget er ændret"]
        ["Mentors, mentees, pairs or terms have changed since the run was computed. Compute a new one.", "Mentorer, adepter, par eller villkor har ändrats sedan körningen gjordes. Gör en ny.", "Mentorer, mentees, par eller vilkår er ændret, siden kørslen blev lavet. Lav en ny."];
    RUN_EMPTY = 409 "matching_run_empty"
        ["Nothing to propose", "Inget att föreslå", "Intet at foreslå"]
        ["The run has no pairs.", "Körningen har inga par.", "Kørslen har ingen par."];
    PAIR_STATE = 409 "pair_state_forbids"
        ["The pair's state forbids it", "Parets tillstånd hindrar", "Parrets tilstand hindrer"]
        ["Not possible: the pair is {state}.", "Inte möjligt: paret är {state}.", "Ikke muligt: parret er {state}."];
    PAIR_ANSWERED = 409 "pair_already_answered"
        ["Answered already", "Redan besvarat", "Allerede besvaret"]
        ["The answer was given already.", "Svaret är redan lämnat.", "Svaret er allerede givet."];
    PAIR_ANSWER_LATE = 409 "pair_answer_late"
        ["Too late", "För sent", "For sent"]
        ["The last day for an answer was {date}.", "Sista dagen för svar var {date}.", "Sidste dag for svar var {date}."];
    PAIR_NOT_ACTIVE = 409 "pair_not_active"
        ["The pair has not begun", "Paret har inte börjat", "Parret er ikke begyndt"]
        ["A pair meets once it is active; now it is {state}.", "Ett par träffas när det är aktivt; nu är det {state}.", "Et par mødes, når det er aktivt; nu er det {state}."];
    PAIR_ERASED = 409 "pair_work_erased"
        ["What the pair wrote is erased", "Det paret skrev är raderat", "Det parret skrev er slettet"]
        ["The pair ended, and what it wrote is erased.", "Paret är avslutat, och det som skrevs är raderat.", "Parret er afsluttet, og det skrevne er slettet."];
    AGREEMENT_MISSING = 404 "agreement_missing"
        ["No agreement yet", "Ingen överenskommelse än", "Ingen aftale endnu"]
        ["The pair has not written an agreement.", "Paret har inte skrivit någon överenskommelse.", "Parret har ikke skrevet en aftale."];
    MEETING_PAST = 409 "meeting_in_the_past"
        ["That time is over", "Den tiden har passerat", "Det tidspunkt er passeret"]
        ["A meeting is planned for a time that is to come.", "Ett möte planeras till en tid som kommer.", "Et møde planlægges til et kommende tidspunkt."];
    MEETING_NOT_YET = 409 "meeting_not_yet_begun"
        ["Not yet", "Inte än", "Ikke endnu"]
        ["The meeting has not begun yet.", "Mötet har inte börjat än.", "Mødet er ikke begyndt endnu."];
    MEETING_STATE = 409 "meeting_state_forbids"
        ["The meeting's state forbids it", "Mötets tillstånd hindrar", "Mødets tilstand hindrer"]
        ["Not possible: the meeting is {state}.", "Inte möjligt: mötet är {state}.", "Ikke muligt: mødet er {state}."];
    SHARE_OTHER_MENTEE = 409 "notes_share_other_mentee"
        ["Not a pair of the same mentee", "Inte samma adept", "Ikke samme mentee"]
        ["Notes are shared with a later pair of the same mentee.", "Anteckningar delas med ett senare par med samma adept.", "Noter deles med et senere par med samme mentee."];
    CHALLENGE_MISSING = 404 "challenge_missing"
        ["No challenge yet", "Ingen utmaning än", "Ingen udfordring endnu"]
        ["The participant has not written a challenge, or shares nothing of it with the caller.", "Deltagaren har inte skrivit någon utmaning, eller delar inget av den med anroparen.", "Deltageren har ikke skrevet en udfordring, eller deler intet af den med kalderen."];
    PRACTICE_PERIOD_UNKNOWN = 409 "practice_period_unknown"
        ["No practice period of the round", "Ingen övningsperiod i omgången", "Ingen øveperiode på holdet"]
        ["The session is no practice period of the round, or it was cancelled.", "Tillfället är ingen övningsperiod i omgången, eller så är det inställt.", "Kursgangen er ingen øveperiode på holdet, eller den er aflyst."];
    LINK_INVALID = 404 "proposal_link_invalid"
        ["The link does not work", "Länken fungerar inte", "Linket virker ikke"]
        ["The link is incomplete, or it does not work any more.", "Länken är ofullständig eller gäller inte längre.", "Linket er ufuldstændigt eller gælder ikke længere."];
}
