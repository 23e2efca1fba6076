//! The table of problems that every part of Akademi can answer.

crate::codes! {
    INVALID_BODY = 400 "invalid_body"
        ["The body is not valid", "Innehållet är inte giltigt", "Indholdet er ikke gyldigt"]
        ["The body breaks the rules that the API document states; every violation is listed.", "Innehållet bryter mot API-dokumentets regler; varje fel är uppräknat.", "Indholdet bryder API-dokumentets regler; hver fejl er anført."];
    INVALID_PARAMETER = 400 "invalid_parameter"
        ["A parameter is not valid", "En parameter är inte giltig", "En parameter er ikke gyldig"]
        ["A path, query or header parameter breaks the rules that the API document states.", "En parameter i sökväg, fråga eller huvud bryter mot API-dokumentets regler.", "En parameter i sti, forespørgsel eller hoved bryder API-dokumentets regler."];
    PAGE_TOO_DEEP = 400 "page_too_deep"
        ["The page is too deep", "Sidan ligger för djupt", "Siden ligger for dybt"]
        ["Page numbers reach {most} rows; follow the `next` link to read on.", "Sidnummer räcker till {most} rader; följ länken `next` för att läsa vidare.", "Sidenumre rækker til {most} rækker; følg linket `next` for at læse videre."];
    INVALID_CURSOR = 400 "invalid_cursor"
        ["The cursor is not valid", "Markören är inte giltig", "Markøren er ikke gyldig"]
        ["The cursor was not made by this list. Start from the first page.", "Markören kommer inte från den här listan. Börja från första sidan.", "Markøren stammer ikke fra denne liste. Begynd fra første side."];
    INVALID_REQUEST = 400 "invalid_request"
        ["The request can't be read", "Anropet kan inte läsas", "Kaldet kan ikke læses"]
        ["The request is not a well-formed HTTP request for this API.", "Anropet är inte ett välformat HTTP-anrop för detta API.", "Kaldet er ikke et velformet HTTP-kald til dette API."];
    UNAUTHENTICATED = 401 "unauthenticated"
        ["Who is calling?", "Vem anropar?", "Hvem kalder?"]
        ["A valid access token is needed.", "En giltig åtkomsttoken behövs.", "Et gyldigt adgangstoken er nødvendigt."];
    FORBIDDEN = 403 "forbidden"
        ["Not allowed", "Inte tillåtet", "Ikke tilladt"]
        ["The caller's roles don't allow this.", "Anroparens roller tillåter inte detta.", "Kalderens roller tillader ikke dette."];
    INSUFFICIENT_SCOPE = 403 "insufficient_scope"
        ["The scope does not allow this", "Behörigheten räcker inte", "Rettigheden rækker ikke"]
        ["The key or client has to have the scope {scope}.", "Nyckeln eller klienten måste ha behörigheten {scope}.", "Nøglen eller klienten skal have rettigheden {scope}."];
    NOT_FOUND = 404 "not_found"
        ["Not found", "Finns inte", "Findes ikke"]
        ["There is no such thing, or it is not the caller's to know.", "Det finns inte, eller anroparen har inte rätt att känna till det.", "Det findes ikke, eller kalderen har ikke ret til at kende det."];
    METHOD_NOT_ALLOWED = 405 "method_not_allowed"
        ["Method not allowed", "Metoden är inte tillåten", "Metoden er ikke tilladt"]
        ["The address exists, but not with this method; see `Allow`.", "Adressen finns, men inte med den här metoden; se `Allow`.", "Adressen findes, men ikke med denne metode; se `Allow`."];
    NOT_ACCEPTABLE = 406 "not_acceptable"
        ["Nothing acceptable", "Inget godtagbart format", "Intet acceptabelt format"]
        ["The answer exists in none of the media types that `Accept` names.", "Svaret finns inte i något av de format som `Accept` anger.", "Svaret findes ikke i nogen af de formater som `Accept` angiver."];
    REQUEST_TIMEOUT = 408 "request_timeout"
        ["The request took too long", "Anropet tog för lång tid", "Kaldet tog for lang tid"]
        ["The request did not arrive in time.", "Anropet kom inte fram i tid.", "Kaldet nåede ikke frem i tide."];
    IDEMPOTENCY_RUNNING = 409 "idempotency_key_running"
        ["The first request is still running", "Det första anropet pågår", "Det første kald er i gang"]
        ["A request with the same Idempotency-Key is still running. Repeat it later.", "Ett anrop med samma Idempotency-Key pågår. Försök igen senare.", "Et kald med samme Idempotency-Key er i gang. Prøv igen senere."];
    ANSWER_FORGOTTEN = 409 "answer_forgotten"
        ["The answer was erased", "Svaret har raderats", "Svaret er slettet"]
        ["The request was done once; its answer named somebody who has been erased since. Read the thing instead.", "Anropet har utförts en gång; svaret nämnde någon som sedan har raderats. Läs resursen i stället.", "Kaldet er udført en gang; svaret nævnte en person som siden er slettet. Læs ressourcen i stedet."];
    CONFLICT = 409 "conflict"
        ["Something stands against it", "Något står i vägen", "Noget står i vejen"]
        ["The request conflicts with what is already there.", "Anropet strider mot det som redan finns.", "Kaldet strider mod det som allerede findes."];
    TRANSITION_REFUSED = 409 "transition_refused"
        ["Not possible now", "Inte möjligt nu", "Ikke muligt nu"]
        ["The state does not allow this; `transitions` says why, `_links` what is possible.", "Tillståndet tillåter inte detta; `transitions` säger varför, `_links` vad som går.", "Tilstanden tillader ikke dette; `transitions` siger hvorfor, `_links` hvad der er muligt."];
    STALE = 412 "version_stale"
        ["Somebody was first", "Någon hann före", "Nogen kom først"]
        ["The thing has changed since it was read. Read it again.", "Resursen har ändrats sedan den lästes. Läs den igen.", "Ressourcen er ændret siden den blev læst. Læs den igen."];
    BODY_TOO_LARGE = 413 "body_too_large"
        ["The body is too large", "Innehållet är för stort", "Indholdet er for stort"]
        ["The body is larger than what is read here: {most} bytes.", "Innehållet är större än vad som läses här: {most} byte.", "Indholdet er større end hvad der læses her: {most} byte."];
    URI_TOO_LONG = 414 "uri_too_long"
        ["The address is too long", "Adressen är för lång", "Adressen er for lang"]
        ["The address is longer than 2,048 characters.", "Adressen är längre än 2 048 tecken.", "Adressen er længere end 2.048 tegn."];
    UNSUPPORTED_MEDIA_TYPE = 415 "unsupported_media_type"
        ["The media type is not supported", "Formatet stöds inte", "Formatet understøttes ikke"]
        ["The body must be {expected}.", "Innehållet måste vara {expected}.", "Indholdet skal være {expected}."];
    IDEMPOTENCY_REUSED = 422 "idempotency_key_reused"
        ["The key was used for another request", "Nyckeln har använts för ett annat anrop", "Nøglen er brugt til et andet kald"]
        ["The Idempotency-Key belongs to an earlier request with another body.", "Idempotency-Key hör till ett tidigare anrop med annat innehåll.", "Idempotency-Key hører til et tidligere kald med andet indhold."];
    PRECONDITION_REQUIRED = 428 "if_match_required"
        ["If-Match is required", "If-Match krävs", "If-Match kræves"]
        ["Send the ETag that was read as If-Match, so that nobody's change is overwritten.", "Skicka den lästa ETag:en som If-Match, så att ingens ändring skrivs över.", "Send den læste ETag som If-Match, så ingens ændring overskrives."];
    TOO_MANY_REQUESTS = 429 "too_many_requests"
        ["Too many requests", "För många anrop", "For mange kald"]
        ["The limit is reached. Try again after the stated time.", "Gränsen är nådd. Försök igen efter den angivna tiden.", "Grænsen er nået. Prøv igen efter den angivne tid."];
    HEADERS_TOO_LARGE = 431 "headers_too_large"
        ["The headers are too large", "Huvudena är för stora", "Hovederne er for store"]
        ["The request's headers are larger than what is read.", "Anropets huvuden är större än vad som läses.", "Kaldets hoveder er større end hvad der læses."];
    INTERNAL = 500 "internal_error"
        ["A fault of ours", "Ett fel hos oss", "En fejl hos os"]
        ["Something went wrong on our side. Nothing was half done; quote the trace id to support.", "Något gick fel hos oss. Inget blev halvgjort; ange spårnumret till supporten.", "Noget gik galt hos os. Intet blev gjort halvt; oplys sporingsnummeret til support."];
    BAD_GATEWAY = 502 "bad_gateway"
        ["The service's answer can't be used", "Tjänstens svar kan inte användas", "Tjenestens svar kan ikke bruges"]
        ["The service behind the gateway broke off its answer.", "Tjänsten bakom porten avbröt sitt svar.", "Tjenesten bag porten afbrød sit svar."];
    UNAVAILABLE = 503 "unavailable"
        ["Not available just now", "Inte tillgängligt just nu", "Ikke tilgængeligt lige nu"]
        ["This part can't be reached just now. Try again after the stated time.", "Den här delen kan inte nås just nu. Försök igen efter den angivna tiden.", "Denne del kan ikke nås lige nu. Prøv igen efter den angivne tid."];
    OVERLOADED = 503 "overloaded"
        ["Too much to do just now", "För mycket att göra just nu", "For meget at gøre lige nu"]
        ["This part has as many requests as it can take. Try again after the stated time.", "Den här delen har så många anrop som den klarar. Försök igen efter den angivna tiden.", "Denne del har så mange kald som den kan klare. Prøv igen efter den angivne tid."];
    GATEWAY_TIMEOUT = 504 "gateway_timeout"
        ["The service did not answer in time", "Tjänsten svarade inte i tid", "Tjenesten svarede ikke i tide"]
        ["The service behind the gateway did not answer in time.", "Tjänsten bakom porten svarade inte i tid.", "Tjenesten bag porten svarede ikke i tide."];
}

/// The code for a bare status, such as a framework's own answer.
pub fn for_status(status: u16) -> &'static crate::Code {
    let known = match status {
        400 => Some(&INVALID_REQUEST),
        409 => Some(&CONFLICT),
        _ => ALL.iter().copied().find(|code| code.status == status),
    };
    known.unwrap_or(if status < 500 {
        &INVALID_REQUEST
    } else {
        &INTERNAL
    })
}
