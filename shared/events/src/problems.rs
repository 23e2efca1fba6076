//! What the event door refuses beyond what every API refuses.

shared_types::codes! {
    EVENT_TYPE_UNKNOWN = 422 "event_type_unknown"
        ["The event's type is not taken here", "Händelsens typ tas inte emot här", "Hændelsens type modtages ikke her"]
        ["This service does not apply events of this type. Keep the event until it does, or send only what the service declares.", "Tjänsten tillämpar inte händelser av denna typ. Behåll händelsen tills den gör det, eller skicka bara det som tjänsten anger.", "Tjenesten anvender ikke hændelser af denne type. Behold hændelsen til den gør det, eller send kun hvad tjenesten angiver."];
}
